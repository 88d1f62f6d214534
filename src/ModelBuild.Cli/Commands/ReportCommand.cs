using System.CommandLine;
using ModelBuild.Cli.Hosting;
using ModelBuild.Cli.Output;
using ModelBuild.Cli.Reports;

namespace ModelBuild.Cli.Commands;

/// <summary><c>modelbuild report</c>: opens the report of a model.</summary>
internal static class ReportCommand
{
    private const string ModelExtension = ".onnx";

    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "A model, original or compressed, or its receipt (.receipt.json)." };
        var print = new Option<bool>("--print") { Description = "Print the path of the report, and do not open it." };
        var command = new Command("report", "Opens the report of a model that a build compressed. Without a display it prints the path.") { file, print };
        command.SetGuardedAction(
            file,
            (parseResult, cancellationToken) =>
            {
                var path = parseResult.GetValue(file)!;
                var isModel = Path.GetExtension(path).Equals(ModelExtension, StringComparison.OrdinalIgnoreCase);
                var page = ReportPage.Of(isModel ? ReceiptSearch.Find(path, cancellationToken) : path);
                if (!parseResult.GetValue(print))
                    FileOpener.TryOpen(page);
                Screen.WriteLine(page);
                return ExitCode.Good;
            }
        );
        return command;
    }
}
