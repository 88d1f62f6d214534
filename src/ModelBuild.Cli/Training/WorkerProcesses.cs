using System.Net;
using System.Security.Cryptography;
using ModelBuild.Cli.Processes;
using ModelBuild.Cli.Training.Tcp;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Receipts;

namespace ModelBuild.Cli.Training;

/// <summary>The workers of one machine: this process is worker 0, and starts one process for each of the others. They talk over the loopback address.</summary>
internal sealed class WorkerProcesses : IDisposable
{
    /// <summary>The name of the command of the processes.</summary>
    public const string Command = "train-worker";

    private const int SecretLength = 32;

    // Workers that are done, or that hear of a failure, end by themselves.
    private static readonly TimeSpan DonePatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan FailedPatience = TimeSpan.FromSeconds(2);

    private readonly WorkerPlace _place;
    private readonly Rendezvous _rendezvous;
    private readonly CancellationTokenSource _kill = new();
    private readonly CancellationTokenSource _early = new();
    private readonly Task<ProcessEnd>[] _processes;

    /// <summary>Starts the processes.</summary>
    /// <param name="count">The number of workers.</param>
    /// <param name="arguments">The arguments of this program.</param>
    /// <param name="onnxRuntime">The folder of the ONNX Runtime that the command line names; null for none.</param>
    public WorkerProcesses(int count, IReadOnlyList<string> arguments, string? onnxRuntime)
    {
        _place = new WorkerPlace(Rank: 0, count, Math.Max(1, Environment.ProcessorCount / count));
        var meeting = new MeetingPoint(IPAddress.Loopback.ToString(), Port: 0, Convert.ToHexString(RandomNumberGenerator.GetBytes(SecretLength)));
        _rendezvous = Rendezvous.Listen(_place, meeting, CancellationToken.None);
        meeting = meeting with { Port = _rendezvous.Port };
        _processes =
        [
            .. Enumerable
                .Range(1, count - 1)
                .Select(rank => JsonText.Of(new WorkerRequest(arguments, _place with { Rank = rank, Meeting = meeting })))
                .Select(request =>
                    Task.Factory.StartNew(() => Run(request, onnxRuntime), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                ),
        ];
    }

    /// <summary>Connects this process with the others.</summary>
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
            var ended = Array.FindIndex(_processes, process => process.IsCompleted);
            var end = _processes[ended].Result;
            throw new CompressionException(
                Codes.WorkerLost,
                $"Worker {ended + 1} ended before the training began: {end.LastError ?? $"its exit code is {end.ExitCode}"}"
            );
        }
    }

    /// <summary>Whether the training has failed. Processes that do not end soon are killed.</summary>
    public bool HasFailed { get; set; }

    public void Dispose()
    {
        _rendezvous.Dispose();
        var ends = Array.ConvertAll(_processes, process => process.ContinueWith(_ => { }, TaskScheduler.Default));
        if (Task.WaitAll(ends, HasFailed ? FailedPatience : DonePatience))
            return;
        _kill.Cancel();
        Task.WaitAll(ends, FailedPatience);
    }

    private ProcessEnd Run(string request, string? onnxRuntime)
    {
        var end = new ChildProcess(Command, onnxRuntime).Run(request, ProcessLimits.None, _kill.Token);
        _early.Cancel();
        return end;
    }
}
