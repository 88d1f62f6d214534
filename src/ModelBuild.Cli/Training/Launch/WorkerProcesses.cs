using System.Net;
using System.Security.Cryptography;
using ModelBuild.Cli.Processes;
using ModelBuild.Cli.Training.Tcp;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Receipts;

namespace ModelBuild.Cli.Training.Launch;

/// <summary>
/// Starts the workers of one machine: this process is worker 0, and starts one process for each of the others. They communicate over the loopback address.
/// </summary>
internal sealed class WorkerProcesses : IDisposable
{
    /// <summary>The name of the hidden command of the worker processes.</summary>
    public const string Command = "train-worker";

    private const int SecretLength = 32;

    // Workers that are done, or receive the message of a failure, end by themselves. Processes that are still running after these times are killed.
    private static readonly TimeSpan DonePatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan FailedPatience = TimeSpan.FromSeconds(2);

    private readonly Rendezvous _rendezvous;
    private readonly CancellationTokenSource _kill = new();
    private readonly CancellationTokenSource _early = new();
    private readonly TaskCompletionSource<string> _firstEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task[] _processes;

    /// <summary>Starts the processes of the other workers.</summary>
    /// <param name="count">The number of workers.</param>
    /// <param name="arguments">The arguments of this program.</param>
    /// <param name="onnxRuntime">The folder of the ONNX Runtime that the command line names; null for none.</param>
    public WorkerProcesses(int count, IReadOnlyList<string> arguments, string? onnxRuntime)
    {
        var threads = new WorkerEnvironment(Environment.GetEnvironmentVariable).Threads(count);
        var first = new WorkerPlace(Rank: 0, count, threads) { OnMachine = count };
        var meeting = new MeetingPoint(IPAddress.Loopback.ToString(), Port: 0, Convert.ToHexString(RandomNumberGenerator.GetBytes(SecretLength)));
        _rendezvous = Rendezvous.Listen(first, meeting);
        meeting = meeting with { Port = _rendezvous.Port };
        _processes =
        [
            .. Enumerable
                .Range(1, count - 1)
                .Select(rank => new WorkerConnection(first with { Rank = rank }) { Meeting = meeting })
                .Select(one => LongTask(() => Run(one.Place.Rank, JsonText.Of(new WorkerRequest(arguments, one)), onnxRuntime))),
        ];
    }

    /// <summary>Gets or sets whether the training was successful. After a failure, processes that do not end soon are killed.</summary>
    public bool IsDone { get; set; }

    /// <summary>Connects this process with the other workers.</summary>
    /// <param name="cancellationToken">Ends the wait for them.</param>
    /// <exception cref="CompressionException">MB1052: a process has ended before it was connected.</exception>
    public IProcessGroup Join(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _early.Token);
        try
        {
            return _rendezvous.Lead(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CompressionException(Codes.WorkerLost, $"{_firstEnd.Task.Result} All workers have ended.");
        }
        finally
        {
            _rendezvous.Dispose();
        }
    }

    public void Dispose()
    {
        _rendezvous.Dispose();
        if (!Task.WaitAll(_processes, IsDone ? DonePatience : FailedPatience))
        {
            _kill.Cancel();
            Task.WaitAll(_processes, FailedPatience);
        }
    }

    private static Task LongTask(Action run) => Task.Factory.StartNew(run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(int rank, string request, string? onnxRuntime)
    {
        try
        {
            var end = new ChildProcess(Command, onnxRuntime).Run(request, ProcessLimits.None, _kill.Token);
            _firstEnd.TrySetResult($"Worker {rank} ended before the training began: {end.LastError ?? $"its exit code is {end.ExitCode}"}.");
        }
        catch (Exception exception)
        {
            _firstEnd.TrySetResult($"Worker {rank} could not be started: {exception.Message.TrimEnd('.')}.");
        }

        _early.Cancel();
    }
}
