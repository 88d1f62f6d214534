using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Calls;

namespace ModelBuild.Runtime.Engines;

/// <summary>Runs one call on several workers: the whole call on one of them, or equal parts of its rows on all.</summary>
internal sealed class ParallelCall(ParallelEngine engine, CallTensors tensors) : EngineCall
{
    private readonly SessionCall?[] _wholes = new SessionCall?[engine.Workers];
    private readonly PartCall?[] _parts = new PartCall?[engine.Workers];

    public override void Run(RunOptions options)
    {
        var rows = engine.Rows;
        var splits = rows is not null && tensors.States is null && rows.Count(tensors) > 1 && tensors.TryPresize();
        if (splits && TrySplit(rows!.Count(tensors), options))
            return;
        var worker = engine.AcquireWorker();
        try
        {
            (_wholes[worker] ??= new SessionCall(engine.Worker(worker), tensors)).Run(options);
        }
        finally
        {
            engine.ReleaseWorker(worker);
        }

        // The run of the whole call succeeded after the runs of its parts failed. The outputs therefore do not have the rows that the signature declares, and
        // splitting is disabled.
        if (splits)
            engine.StopSplitting();
    }

    public override void Dispose()
    {
        foreach (var whole in _wholes)
            whole?.Dispose();
        foreach (var part in _parts)
            part?.Dispose();
    }

    /// <summary>Runs the rows in parts. The result is <see langword="false"/> when the call must run as a whole.</summary>
    private bool TrySplit(int rows, RunOptions options)
    {
        var parts = new Task<bool>[Math.Min(rows, engine.Workers)];
        for (var i = parts.Length - 1; i >= 0; i--)
        {
            var (worker, first, end) = (i, rows * i / parts.Length, rows * (i + 1) / parts.Length);
            var part = new Task<bool>(() => RunPart(worker, first, end - first, rows, options));
            parts[i] = part;
            // The first part runs on the current thread, and the other parts run on the thread pool.
            if (i > 0)
                part.Start(TaskScheduler.Default);
            else
                part.RunSynchronously();
        }

        try
        {
            Task.WaitAll(parts);
        }
        catch (AggregateException exception)
        {
            if (options.Terminate || !exception.InnerExceptions.All(SessionCall.IsAboutShape))
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
            return false;
        }

        return parts.All(part => part.Result);
    }

    private bool RunPart(int worker, int first, int count, int rows, RunOptions options) =>
        (_parts[worker] ??= new PartCall(engine.Worker(worker), tensors)).Run(first, count, rows, options);
}
