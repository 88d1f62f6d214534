using ModelBuild.Benchmarks.Compression;
using ModelBuild.Benchmarks.Runtime;

switch (args)
{
    case ["calls"]:
        CallsBenchmark.Run(Console.Out);
        return 0;
    case ["corpus", .. var recipe]:
        CorpusBenchmark.Run(Console.Out, recipe is [var text] ? text : "auto");
        return 0;
    case ["cost"]:
        CostBenchmark.Run(Console.Out);
        return 0;
    case ["round-trip", var source, var target]:
        CostBenchmark.LoadAndSave(source, target);
        return 0;
    default:
        Console.Error.WriteLine("""
            Usage: dotnet run -c Release --project tests/ModelBuild.Benchmarks -- BENCHMARK
              calls             what a call costs: generated wrappers, OrtIoBinding, NamedOnnxValue
              corpus [RECIPE]   size, answers and speed of every model of the corpus
              cost              time and memory of compressing a model of 435 MB
            """);
        return 2;
}
