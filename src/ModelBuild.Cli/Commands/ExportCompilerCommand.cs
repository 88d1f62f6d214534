using System.CommandLine;
using System.Globalization;
using ModelBuild.Cli.Exports;
using ModelBuild.Cli.Hosting;
using ModelBuild.Cli.Output;
using ModelBuild.Compression.Compilers;
using ModelBuild.Compression.Compilers.Checks;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Commands;

/// <summary><c>modelbuild export tvm|tensorrt|openvino</c>: writes a model in the operators and types that a compiler takes.</summary>
internal static class ExportCompilerCommand
{
    private const string Float16 = "float16";

    public static Command Create(Compiler compiler)
    {
        var model = SharedOptions.Model("model", "The ONNX model, as it is deployed.");
        var output = new Option<string>("--output", "-o")
        {
            Description = "The folder that gets model.onnx and the script that compiles it.",
            HelpName = "FOLDER",
            Required = true,
        };
        var shape = new Option<string[]>("--shape")
        {
            Description = "The shape of an input with dynamic dimensions; the option may be repeated. Default: 1 for the number of rows.",
            HelpName = "NAME=1,3,224,224",
        };
        var precision = new Option<string?>("--precision")
        {
            Description = $"{Float16} converts float32 values to float16. Default: the types of the model.",
            HelpName = Float16,
        };
        precision.AcceptOnlyFromAmong(Float16);
        var command = new Command(
            compiler.Name,
            $"Writes a model in the operators and types that {compiler.Title} takes, with fixed shapes, and a script that compiles it."
        )
        {
            model,
            output,
            shape,
            precision,
        };
        command.SetGuardedAction(
            model,
            (parseResult, cancellationToken) =>
            {
                var shapes = Shapes(parseResult.GetValue(shape) ?? []);
                var chosen = parseResult.GetValue(precision) is null ? ExportPrecision.AsIs : ExportPrecision.Float16;
                var folder = new CompilerFolder(parseResult.GetValue(output)!);
                Screen.WriteLine(folder.Write(compiler, chosen, parseResult.GetValue(model)!, shapes, cancellationToken));
                return ExitCode.Good;
            }
        );
        return command;
    }

    private static Dictionary<string, long[]> Shapes(string[] texts)
    {
        var shapes = new Dictionary<string, long[]>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            // Names of inputs may contain '=', so the last '=' separates the name from the sizes.
            var end = text.LastIndexOf('=');
            if (end < 1 || Sizes(text[(end + 1)..]) is not { } sizes)
                throw Wrong($"--shape '{text}' must be the name of an input and its sizes, such as --shape image=1,3,224,224.");
            if (!shapes.TryAdd(text[..end], sizes))
                throw Wrong($"--shape gives the input '{text[..end]}' two shapes.");
        }

        return shapes;
    }

    private static long[]? Sizes(string text)
    {
        var sizes = new List<long>();
        foreach (var part in text.Split(','))
            if (long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var size))
                sizes.Add(size);
            else
                return null;
        return [.. sizes];
    }

    private static CompressionException Wrong(string message) => new(Codes.UnknownOption, message);
}
