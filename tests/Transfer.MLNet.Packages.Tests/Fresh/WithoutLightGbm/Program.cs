using Microsoft.ML;

// A LightGbm model in a program that has no package of that name: ML.NET cannot load it, and names what it looked for.
try
{
    new MLContext(seed: 1).Model.Load(Path.Combine(args[0], "lightgbm.zip"), out _);
    Console.WriteLine("no complaint");
}
catch (Exception e)
{
    Console.WriteLine(e.GetBaseException().Message);
}
