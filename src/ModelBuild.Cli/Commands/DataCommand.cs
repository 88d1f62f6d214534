using System.CommandLine;
using ModelBuild.Cli.Hosting;
using ModelBuild.Cli.Output;

namespace ModelBuild.Cli.Commands;

/// <summary><c>modelbuild data</c>: writes an archive of a model's inputs from files such as photographs.</summary>
internal static class DataCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("files")
        {
            Description = "Pictures, .wav files, or texts (.txt, .jsonl, .csv). Folders and globs are allowed.",
            Arity = ArgumentArity.OneOrMore,
        };
        var model = new Option<string>("--model", "-m")
        {
            Description = "The ONNX model.",
            HelpName = "FILE",
            Required = true,
        };
        var output = new Option<string>("--output", "-o")
        {
            Description =
                "The path of the archive, which is data for every other command and for builds. Rows of other shapes have archives NAME.2.npz, "
                + "NAME.3.npz and so on.",
            HelpName = "FILE",
            Required = true,
        };
        var command = new Command("data", "Prepares files as the class of a model does, and writes them as arrays.") { files, model, output };
        var descriptions = new DescriptionOptions();
        foreach (var option in descriptions.All)
            command.Options.Add(option);
        command.SetGuardedAction(
            parseResult => parseResult.GetValue(model),
            (parseResult, cancellationToken) =>
            {
                var path = Path.GetFullPath(parseResult.GetValue(output)!);
                var (rows, archives) = descriptions.Write(
                    parseResult,
                    parseResult.GetValue(model)!,
                    FileGlobs.Expand(parseResult.GetValue(files)!),
                    path,
                    cancellationToken
                );
                var names = parseResult.GetValue(output) + (archives.Count > 1 ? $" and {archives.Count - 1} more of other shapes" : "");
                Screen.WriteLine($"{names}: {Numbers.Format(rows)} rows, {Numbers.Format(archives.Sum(file => new FileInfo(file).Length))} bytes");
                return ExitCode.Good;
            }
        );
        return command;
    }
}
