using Microsoft.ML.Runtime;

namespace Transfer.MLNet.Models;

/// <summary>Messages to <c>MLContext.Log</c>, as ML.NET's own components write them.</summary>
internal sealed class StockLog(IHostEnvironment environment, string component, string phase)
{
    private readonly IHost _host = environment.Register(component);

    public void Info(string message) => Write(channel => channel.Info(MessageSensitivity.Schema, message));

    public void Warning(string message) => Write(channel => channel.Warning(MessageSensitivity.Schema, message));

    private void Write(Action<IChannel> write)
    {
        using var channel = _host.Start(phase);
        write(channel);
    }
}
