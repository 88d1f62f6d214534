using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ModelBuild.Cli.Commands;

/// <summary>Prints the usual help and then examples that can be copied.</summary>
internal sealed class HelpWithExamples(HelpAction inner) : SynchronousCommandLineAction
{
    private static readonly Dictionary<string, string[]> Examples = new(StringComparer.Ordinal)
    {
        ["inspect"] = ["modelbuild inspect digits.onnx", "modelbuild inspect digits.onnx --json"],
        ["compress"] =
        [
            "modelbuild compress digits.onnx",
            "modelbuild compress digits.onnx --compression \"int8-weights\" --output small.onnx",
            "modelbuild compress digits.onnx --calibration-data \"samples/*.npz\" --max-accuracy-loss 0.5%",
            "modelbuild compress digits.onnx --calibration-data \"samples/*.npz\" --compression int8 --json",
            "modelbuild compress digits.onnx --compression \"prune(0.9) fine-tune\" --training-data \"train/*.npz\" --keep-trained",
        ],
        ["calibrate"] = ["modelbuild calibrate digits.onnx --calibration-data \"samples/*.npz\""],
        ["train"] =
        [
            "modelbuild train digits.onnx --compression \"prune(0.9) fine-tune\" --training-data \"train/*.npz\"",
            "modelbuild train digits.onnx --recipe small.recipe.json --training-data \"train/*.npz\" --calibration-data \"samples/*.npz\"",
        ],
        ["compare"] =
        [
            "modelbuild compare digits.onnx small.onnx --data \"samples/*.npz\" --html comparison.html",
            "modelbuild compare digits.onnx int8.onnx int4.onnx --data \"samples/*.npz\" --threads 1 --batch 1,16",
        ],
        ["perf"] =
        [
            "modelbuild perf digits.onnx",
            "modelbuild perf digits.onnx --data \"samples/*.npz\" --threads 1,2,all --batch 1,16 --seconds 10",
            "modelbuild perf digits.onnx --provider cuda --onnxruntime FOLDER --json",
        ],
        ["tune"] =
        [
            "modelbuild tune digits.onnx --data \"samples/*.npz\" --goal size --minutes 10",
            "modelbuild tune digits.onnx --data \"samples/*.npz\" --goal speed --max-accuracy-loss 0.5% --max-size 2MB",
            "modelbuild tune digits.onnx --data \"samples/*.npz\" --resume --minutes 30",
            "modelbuild tune digits.onnx --pick 17",
        ],
        ["report"] = ["modelbuild report digits.onnx", "modelbuild report digits.receipt.json --print"],
        ["export"] =
        [
            "modelbuild export triton digits.compressed.onnx --output repository --name digits --max-batch 32",
            "modelbuild export tensorrt digits.compressed.onnx --output engine --shape image=8,1,28,28",
        ],
        ["export triton"] = ["modelbuild export triton digits.compressed.onnx --output repository --name digits --max-batch 32"],
        ["export tvm"] = ["modelbuild export tvm digits.compressed.onnx --output compiled"],
        ["export tensorrt"] = ["modelbuild export tensorrt digits.compressed.onnx --output compiled --shape image=8,1,28,28"],
        ["export openvino"] = ["modelbuild export openvino digits.onnx --output compiled --precision float16"],
        ["serve"] =
        [
            "modelbuild serve digits.onnx",
            "modelbuild serve digits.onnx depth.onnx --name digits --name depth --url http://0.0.0.0:8000 --grpc-url http://0.0.0.0:8001",
        ],
        ["cache"] = ["modelbuild cache info", "modelbuild cache prune --size 5GB", "modelbuild cache check --remote https://cache.example.com/modelbuild"],
        ["verify"] = ["modelbuild verify digits.onnx small.onnx --data \"samples/*.npz\""],
    };

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var exitCode = inner.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command;
        output.WriteLine("Examples:");
        foreach (var line in Examples.GetValueOrDefault(CommandPath.Of(parseResult.CommandResult)) ?? Overview())
            output.WriteLine($"  {line}");
        if (command.Name is "compress" or "train")
        {
            output.WriteLine();
            StepHelp.Write(output);
        }

        output.WriteLine();
        output.WriteLine("Exit codes: 0 success, 1 the model or its budget fails, 2 the command line is wrong.");
        return exitCode;
    }

    // Returns the first example of each command of the program.
    private static string[] Overview() =>
        [.. Examples.Where(command => !command.Key.Contains(' ', StringComparison.Ordinal)).Select(command => command.Value[0])];
}
