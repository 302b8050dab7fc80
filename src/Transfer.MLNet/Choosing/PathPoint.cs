namespace Transfer.MLNet.Choosing;

/// <summary>One point of a path.</summary>
/// <param name="Tau">The penalty per row; infinity is the start with intercepts fitted.</param>
/// <param name="Loss">Mean loss of rows that were left out; of classes in nats.</param>
/// <param name="StandardError">Of that mean; NaN where nobody asks for it.</param>
internal sealed record PathPoint(double Tau, double Loss, double StandardError);
