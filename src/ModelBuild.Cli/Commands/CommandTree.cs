using System.CommandLine;
using System.CommandLine.Help;
using ModelBuild.Cli.Hosting;
using ModelBuild.Cli.Training.Launch;

namespace ModelBuild.Cli.Commands;

/// <summary>Holds the program's commands and handles their errors and cancellation.</summary>
internal static class CommandTree
{
    /// <summary>Runs the command that the arguments name, and returns the exit code.</summary>
    public static async Task<int> InvokeAsync(string[] args)
    {
        var root = new RootCommand("Compresses ONNX models, verifies their outputs, and reports what was changed.")
        {
            InspectCommand.Create(),
            CompressCommand.Create(),
            CalibrateCommand.Create(),
            TrainCommand.Create(),
            TrainWorkerCommand.Create(),
            VerifyCommand.Create(),
            CompareCommand.Create(),
            PerfCommand.Create(),
            TuneCommand.Create(),
            ReportCommand.Create(),
            ExportCommand.Create(),
            ServeCommand.Create(),
            DataCommand.Create(),
            CacheCommand.Create(),
            MeasureCommand.Create(),
            TrialCommand.Create(),
            BuildInspectCommand.Create(),
            BuildCompressCommand.Create(),
        };
        root.Options.Add(SharedOptions.OnnxRuntime);
        foreach (var option in root.Options.OfType<HelpOption>())
            option.Action = new HelpWithExamples((HelpAction)option.Action!);

        var result = root.Parse(args.Length == 0 ? ["--help"] : args);
        var suggestions = Suggestions.Of(args, result);
        if (result.Errors.Count > 0 || suggestions.Count > 0)
        {
            foreach (var message in suggestions.Count > 0 ? suggestions : result.Errors.Select(error => error.Message))
                await Console.Error.WriteLineAsync($"modelbuild: {message}").ConfigureAwait(false);
            await Console
                .Error.WriteLineAsync($"Try 'modelbuild {(CommandPath.Of(result.CommandResult) is { Length: > 0 } command ? command + " " : "")}--help'.")
                .ConfigureAwait(false);
            return ExitCode.Usage;
        }

        // Ctrl+C cancels the token of the action. The engine then deletes its temporary files and throws; the process waits for that before it ends. Workers of
        // a training end after the same step or evaluation.
        var patience = result.CommandResult.Command.Name is TrainCommand.Name or WorkerProcesses.Command ? TimeSpan.FromMinutes(10) : TimeSpan.FromSeconds(30);
        return await result
            .InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = patience })
            .ConfigureAwait(false);
    }
}
