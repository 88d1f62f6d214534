using ModelBuild.Benchmarks.Compression;
using ModelBuild.Benchmarks.Compression.Costs;
using ModelBuild.Benchmarks.Compression.Goals;
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
    case ["pictures"]:
        PicturesBenchmark.Run(Console.Out);
        return 0;
    case ["serve", .. var requests]:
        ServeBenchmark.Run(Console.Out, requests is [var count] ? int.Parse(count, System.Globalization.CultureInfo.InvariantCulture) : 100_000);
        return 0;
    case ["service"]:
        ServiceBenchmark.Run(Console.Out);
        return 0;
    case ["soak"]:
        SoakBenchmark.Run(Console.Out);
        return 0;
    case ["text"]:
        TextBenchmark.Run(Console.Out);
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
    case ["rotation", .. var arguments]:
        RotationBenchmark.Run(Console.Out, arguments);
        return 0;
    case ["bars", .. var models]:
        GoalsBenchmark.Run(Console.Out, models);
        return 0;
    case ["training", .. var models]:
        TrainingBenchmark.Run(Console.Out, models);
        return 0;
    case ["tune", var minutes, .. var models]:
        TuneBenchmark.Run(Console.Out, double.Parse(minutes, System.Globalization.CultureInfo.InvariantCulture), models);
        return 0;
    case ["tune-longer", var trials, .. var models]:
        TuneBenchmark.Longer(Console.Out, int.Parse(trials, System.Globalization.CultureInfo.InvariantCulture), models);
        return 0;
    case ["tune-text", var trials]:
        TuneTextBenchmark.Run(Console.Out, int.Parse(trials, System.Globalization.CultureInfo.InvariantCulture));
        return 0;
    case ["reconstruct", .. var models]:
        ReconstructBenchmark.Run(Console.Out, models);
        return 0;
    case ["steps"]:
        TrainingStepBenchmark.Run(Console.Out);
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
              calls             the time of a call: generated classes, OrtIoBinding, NamedOnnxValue
              first-answer      the time from the start of a process to its first result: generated class and usual code
              pictures          the preparation of an image: ImagePreparation, a loop over DenseTensor, a copy of the bytes
              serve [REQUESTS]  a remote model beside one in the process, and hostile requests to the server (100,000)
              service           requests per second and latencies of the sample web service, with and without batches
              soak              the memory after a hundred thousand calls with cancellations
              text              the encoding of sentences: TextTokenizer and BertTokenizer
              throughput        calls per second of many callers: one session, several concurrent runs, two stages
              corpus [RECIPE]   size, outputs and speed of every model of the corpus
              litenet [RECIPE...]  results of recipes on the models with real data, and of Python's static quantizer
              rotation [NAME [RECIPE...]]  quantized transformers without and with 'rotate' and 'smooth-quant'
              bars [NAME...]    goals of compression without retraining and the results on the models with real data
              training [NAME...]  accuracy of recipes that train, on the models with training images
              reconstruct [NAME...]  accuracy of low-bit recipes with and without reconstruct, on the Fashion-MNIST models
              tune MINUTES [NAME...]  the front of a study on the models with real data, and whether it has the rows of the tables
              tune-longer RECIPES [NAME...]  the volume of the front of a study, and of one with ten times as many recipes
              tune-text RECIPES  the front of studies of text classifiers: sizes and agreement with the original
              steps             the time of a training step as a multiple of the forward pass
              optimize          the number of nodes of every model before and after 'optimize'
              calibration       every method to find ranges, on the models with real data
              formats [NAME...] models of the corpus in every format
              cost [RECIPE...]  time and memory of compressing models of 102 and 435 MB, with and without verification
              costs             the costs of operators that 'int8' uses to place integers: stored, measured, and as code
              latency [only=NAME] [RECIPE...]  speed of the results of recipes for generated models and the corpus
              generate FOLDER   saves the generated models
              real [NAME...]    cost, size, outputs and speed of 'auto' on models with real inputs, and Python's figures
              prepare FOLDER [NAME...]  saves models with real inputs for calibration and for tests
            """
        );
        return 2;
}
