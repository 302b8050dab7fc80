namespace Transfer.MLNet.Vision;

/// <summary>A row of the view: public properties of a type of its own, as ML.NET reads them.</summary>
internal sealed class ImageRow
{
    public string ImagePath { get; set; } = "";

    public string Label { get; set; } = "";
}
