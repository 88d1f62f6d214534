using ModelBuild.Benchmarks.Runtime;

switch (args.FirstOrDefault())
{
    case "calls":
        CallsBenchmark.Run(Console.Out);
        return 0;
    default:
        Console.Error.WriteLine("Usage: dotnet run -c Release --project tests/ModelBuild.Benchmarks -- calls");
        Console.Error.WriteLine("  calls   what a call costs: generated wrappers, OrtIoBinding, NamedOnnxValue");
        return 2;
}
