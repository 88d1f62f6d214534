namespace ModelBuild.Cli.Tuning.Workers;

/// <summary>Runs workers in this process. Each of their tasks runs in a process of its own.</summary>
/// <param name="count">The number of workers.</param>
/// <param name="create">Creates a worker.</param>
/// <param name="cancellationToken">Ends the workers.</param>
internal sealed class LocalWorkers(int count, Func<StudyWorker> create, CancellationToken cancellationToken) : IWorkers
{
    private Task[] _tasks = [];

    /// <inheritdoc/>
    public void Start() =>
        _tasks = [
            .. Enumerable
                .Range(0, count)
                .Select(_ => create())
                .Select(worker =>
                    Task.Factory.StartNew(() => worker.Run(cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                ),
        ];

    /// <inheritdoc/>
    public bool Remain() => _tasks.Any(task => !task.IsCompleted);

    /// <inheritdoc/>
    public Exception? Fault =>
        _tasks.Select(task => task.Exception?.InnerException).FirstOrDefault(exception => exception is not (null or OperationCanceledException));

    /// <inheritdoc/>
    public void End()
    {
        // The method waits for all workers, whether they succeeded or not.
        foreach (var task in _tasks)
            Task.WaitAny(task);
    }
}
