using System.CommandLine;
using ModelBuild.Cli.Hosting;
using ModelBuild.Cli.Output;
using ModelBuild.Cli.Training;
using ModelBuild.Cli.Training.Launch;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Training.TrainedFiles;
using ModelBuild.Compression.Training.Workers;

namespace ModelBuild.Cli.Commands;

/// <summary>
/// <c>modelbuild train</c>: runs a recipe with its training steps, verifies the result, and writes the trained values to a file that is committed beside the
/// model. Several processes can share the work.
/// </summary>
internal sealed class TrainCommand
{
    /// <summary>The name of the command on the command line.</summary>
    public const string Name = "train";

    // The time for which a worker other than worker 0 waits before it ends a training, so that worker 0 can first report a fault that all workers have.
    private static readonly TimeSpan Courtesy = TimeSpan.FromSeconds(2);

    // The time for which another worker than worker 0 waits when it has a fault before the training, because worker 0 may detect the same fault later.
    private static readonly TimeSpan FaultPatience = TimeSpan.FromSeconds(20);

    private readonly Argument<string> _model = SharedOptions.Model("model", "The ONNX model.");
    private readonly RecipeOptions _options = new();

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "The path of the file. Default: <model>.trained.safetensors beside the model, which builds use automatically.",
        HelpName = "FILE",
    };

    private readonly Option<int?> _workers = new("--workers")
    {
        Description = "The number of processes on this machine that share each batch. Under mpirun or srun, each task is a worker. Default: 1.",
        HelpName = "N",
    };

    private readonly Option<bool> _json = SharedOptions.Json();
    private readonly WorkerConnection? _given;

    private TrainCommand(WorkerConnection? given) => _given = given;

    /// <summary>Creates the command.</summary>
    /// <param name="connection">The place of this process among the workers, and its connection to the others; null to find both.</param>
    public static Command Create(WorkerConnection? connection = null)
    {
        var train = new TrainCommand(connection);
        var command = new Command(Name, "Runs the training steps of a recipe and saves the trained values, so that builds need no training.") { train._model };
        foreach (var option in train._options.OfRecipe.Concat([train._options.Target, train._options.NoVerify, train._output, train._workers]))
            command.Options.Add(option);
        command.Options.Add(train._options.Verbose);
        command.Options.Add(train._json);
        command.SetGuardedAction(train._model, train.Run);
        return command;
    }

    private int Run(ParseResult parseResult, CancellationToken cancellationToken)
    {
        var count = parseResult.GetValue(_workers);
        if (count < 1)
            throw Wrong($"{_workers.Name} {count}: the number must be 1 or more.");
        // With one worker, this process trains alone, even if a launcher has started several processes.
        var connection = _given ?? (count == 1 ? null : new WorkerEnvironment(Environment.GetEnvironmentVariable).Find());
        if (_given is null && connection is not null && count is not null && count != connection.Place.Size)
            throw Wrong($"{_workers.Name} {count} was given to one of {connection.Place.Size} tasks: leave the option out where a launcher starts the tasks.");
        if (connection is null && count is null or 1)
            return Train(parseResult, SingleWorker.Instance, cancellationToken);
        using var processes = connection is null ? StartProcesses(parseResult, count!.Value) : null;
        using var group = processes?.Join(cancellationToken) ?? connection!.Join(cancellationToken);
        var exit = TrainTogether(parseResult, group, cancellationToken);
        if (processes is not null)
            processes.IsDone = true;
        return exit;
    }

    private static WorkerProcesses StartProcesses(ParseResult parseResult, int count) =>
        new(count, [.. parseResult.Tokens.Select(token => token.Value)], parseResult.GetValue(SharedOptions.OnnxRuntime)?.FullName);

    private int TrainTogether(ParseResult parseResult, IProcessGroup group, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // The end of another worker cancels the work of worker 0 only during the training, because later phases need no other worker.
        using var ended = group.Ended.Register(() =>
        {
            if (group.Rank > 0 || group.IsTraining)
                either.Cancel();
        });
        try
        {
            return group.Rank == 0 ? Lead(parseResult, group, either.Token) : Follow(parseResult, group, either.Token);
        }
        catch (Exception exception) when (IsCancelled(exception) && group.Ended.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw group.Fault(exception);
        }
        catch (Exception exception) when (group.Rank == 0 && !group.Ended.IsCancellationRequested)
        {
            EndOthers(Failure.Of(exception), parseResult, group);
            throw;
        }
    }

    private static bool IsCancelled(Exception exception) => exception is OperationCanceledException or CompressionException { Code: Codes.Cancelled };

    private int Lead(ParseResult parseResult, IProcessGroup group, CancellationToken cancellationToken)
    {
        var exitCode = Train(parseResult, group, cancellationToken);
        Tell(group, exitCode);
        return exitCode;
    }

    private void EndOthers(Failure failure, ParseResult parseResult, IProcessGroup group)
    {
        if (group.IsTraining || group.IsEndedByLauncher)
            group.Abort(failure, parseResult.GetValue(_model)!);
        else
            Tell(group, failure.IsUsage ? ExitCode.Usage : ExitCode.Failed);
    }

    private static void Tell(IProcessGroup group, int exitCode)
    {
        try
        {
            WorkerEnd.Tell(group, exitCode);
        }
        catch (CompressionException)
        {
            // Another worker has ended. This is not an error, because the training is complete.
        }
    }

    private int Follow(ParseResult parseResult, IProcessGroup group, CancellationToken cancellationToken)
    {
        Exception? fault = null;
        try
        {
            TrainedFileWriter.Work(Request(parseResult, group, cancellationToken), cancellationToken);
        }
        catch (WorkerZeroEndedException ended)
        {
            return ended.ExitCode;
        }
        catch (Exception exception) when (!group.Ended.IsCancellationRequested)
        {
            fault = exception;
        }

        return fault is null ? WorkerEnd.Wait(group)
            : group.IsTraining ? EndInTraining(fault, parseResult, group)
            : EndBeforeTraining(fault, parseResult, group);
    }

    // Ends the process of a worker after a fault. All workers usually have the same fault, which worker 0 reports.
    private int EndInTraining(Exception fault, ParseResult parseResult, IProcessGroup group)
    {
        if (fault is OperationCanceledException || group.Ended.WaitHandle.WaitOne(Courtesy))
            return ExitCode.Failed;
        group.Abort(Failure.Of(fault), parseResult.GetValue(_model)!);
        return ExitCode.Failed;
    }

    private int EndBeforeTraining(Exception fault, ParseResult parseResult, IProcessGroup group)
    {
        var end = Task.Run(() => WorkerEnd.Wait(group), CancellationToken.None);
        if (Task.WaitAny([end], FaultPatience) == 0 && end.IsCompletedSuccessfully)
            return end.Result;
        group.Abort(Failure.Of(fault), parseResult.GetValue(_model)!);
        return ExitCode.Failed;
    }

    private int Train(ParseResult parseResult, IWorkerGroup workers, CancellationToken cancellationToken)
    {
        var request = Request(parseResult, workers, cancellationToken);
        RecipeRun.Show(
            request,
            request.OutputPath,
            TrainedFileWriter.Write,
            parseResult.GetValue(_options.Verbose),
            parseResult.GetValue(_json),
            cancellationToken
        );
        return ExitCode.Good;
    }

    private CompressionRequest Request(ParseResult parseResult, IWorkerGroup workers, CancellationToken cancellationToken)
    {
        var path = parseResult.GetValue(_model)!;
        var outputPath = parseResult.GetValue(_output) ?? TrainedFile.BesideModel(path);
        return _options.Read(parseResult, path, outputPath, cancellationToken) with { Workers = workers };
    }

    private static CompressionException Wrong(string message) => new(Codes.UnknownOption, message);
}
