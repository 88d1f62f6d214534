using ModelBuild.Benchmarks.Compression;
using ModelBuild.Benchmarks.Compression.Bars;
using ModelBuild.Benchmarks.Compression.Costs;
using ModelBuild.Benchmarks.Models;
using ModelBuild.Benchmarks.Real;
using ModelBuild.Benchmarks.Runtime;
using ModelBuild.Benchmarks.Runtime.FirstAnswer;

switch (args)
{
    case ["calls"]:
        CallsBenchmark.Run(Console.Out);
        return 0;
    case ["resident", var model, var path, var parallel]:
        ThroughputBenchmark.PrintResident(Console.Out, model, path, int.Parse(parallel, System.Globalization.CultureInfo.InvariantCulture));
        return 0;
    case ["first-answer"]:
        FirstAnswerBenchmark.Run(Console.Out);
        return 0;
    case ["service"]:
        ServiceBenchmark.Run(Console.Out);
        return 0;
    case ["soak"]:
        SoakBenchmark.Run(Console.Out);
        return 0;
    case ["throughput"]:
        ThroughputBenchmark.Run(Console.Out);
        return 0;
    case ["corpus", .. var recipe]:
        CorpusBenchmark.Run(Console.Out, recipe is [var text] ? text : "auto");
        return 0;
    case ["litenet", .. var recipes]:
        LitenetBenchmark.Run(Console.Out, recipes is [] ? LitenetBenchmark.DefaultRecipes : recipes);
        return 0;
    case ["bars", .. var models]:
        BarsBenchmark.Run(Console.Out, models);
        return 0;
    case ["optimize"]:
        OptimizeBenchmark.Run(Console.Out);
        return 0;
    case ["calibration"]:
        CalibrationBenchmark.Run(Console.Out);
        return 0;
    case ["formats", .. var models]:
        FormatsBenchmark.Run(Console.Out, models);
        return 0;
    case ["cost", .. var recipes]:
        CostBenchmark.Run(Console.Out, recipes);
        return 0;
    case ["costs"]:
        CostsBenchmark.Run(Console.Out);
        return 0;
    case ["latency", .. var recipes]:
        var only = recipes.FirstOrDefault(argument => argument.StartsWith("only=", StringComparison.Ordinal));
        string[] columns = [.. recipes.Where(argument => argument != only)];
        LatencyBenchmark.Run(Console.Out, columns is [] ? ["int8-dynamic", "int8-weights"] : columns, only?["only=".Length..] ?? "");
        return 0;
    case ["generate", var folder]:
        foreach (var model in GeneratedModel.All)
            Console.Out.WriteLine(model.Save(folder));
        return 0;
    case ["real", .. var models]:
        RealBenchmark.Run(Console.Out, models);
        return 0;
    case ["prepare", var folder, .. var models]:
        PrepareCommand.Run(Console.Out, folder, models);
        return 0;
    case ["round-trip", var source, var target]:
        CostBenchmark.LoadAndSave(source, target);
        return 0;
    default:
        Console.Error.WriteLine(
            """
            Usage: dotnet run -c Release --project tests/ModelBuild.Benchmarks -- BENCHMARK
              calls             what a call costs: generated wrappers, OrtIoBinding, NamedOnnxValue
              first-answer      from the start of a process to its first answer: the generated class and usual code
              service           requests a second and their times of the sample web service, with and without batches
              soak              what a hundred thousand calls with cancellations leave in memory
              throughput        calls a second of many callers: one session, several runs at once, two stages
              corpus [RECIPE]   size, answers and speed of every model of the corpus
              litenet [RECIPE...]  recipes on the models with real data, beside Python's static quantizer
              bars [NAME...]    what compression without retraining reaches on the models with real data
              optimize          nodes of every model before and after 'optimize'
              calibration       how ranges are found: every method on the models with real data
              formats [NAME...] models of the corpus in every format
              cost [RECIPE...]  time and memory of compressing models of 102 and 435 MB, with and without verification
              costs             the costs of operators that 'int8' places integers by, beside the stored table, and as code
              latency [only=NAME] [RECIPE...]  speed of what recipes make of generated models and of the corpus
              generate FOLDER   saves the generated models
              real [NAME...]    cost, size, answers and speed of what 'auto' makes of models with real inputs, beside Python's figures
              prepare FOLDER [NAME...]  saves models with real inputs to fit to and to judge on
            """
        );
        return 2;
}
