using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Calls;

namespace ModelBuild.Runtime.Engines;

/// <summary>
/// Runs several calls at the same time on workers: on the CPU they share one session, on other devices each has its own. A call runs on the worker with the
/// fewest runs, and a call with several rows is split among the workers.
/// </summary>
internal sealed class ParallelEngine(SessionEngine[] workers, BatchRows? rows) : Engine
{
    private readonly int[] _running = new int[workers.Length];
    private volatile bool _splits = rows is not null;

    public override string Provider => workers[0].Provider;

    public override InferenceSession Session => workers[0].Session;

    public int Workers => workers.Length;

    /// <summary>Gets the object that splits calls into rows; null when calls are not split.</summary>
    public BatchRows? Rows => _splits ? rows : null;

    public SessionEngine Worker(int worker) => workers[worker];

    public override EngineCall NewCall(CallTensors tensors) => new ParallelCall(this, tensors);

    /// <summary>Disables splitting, because the outputs of the model do not have the rows that the signature declares.</summary>
    public void StopSplitting() => _splits = false;

    /// <summary>Reserves the worker with the fewest runs until <see cref="ReleaseWorker"/> is called, and returns its index.</summary>
    public int AcquireWorker()
    {
        var best = 0;
        for (var worker = 1; worker < _running.Length; worker++)
            if (Volatile.Read(ref _running[worker]) < Volatile.Read(ref _running[best]))
                best = worker;
        Interlocked.Increment(ref _running[best]);
        return best;
    }

    public void ReleaseWorker(int worker) => Interlocked.Decrement(ref _running[worker]);

    protected override void Close()
    {
        foreach (var worker in workers.Distinct())
            worker.CloseSession();
    }
}
