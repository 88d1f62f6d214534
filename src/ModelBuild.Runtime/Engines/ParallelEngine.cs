using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Calls;
using ModelBuild.Runtime.Shapes;

namespace ModelBuild.Runtime.Engines;

/// <summary>
/// Runs several calls at the same time on workers: on the CPU they share one session, on other devices each has its own. A call runs on the worker with the
/// fewest runs, and a call with several rows is split among the workers.
/// </summary>
internal sealed class ParallelEngine(SessionEngine[] lanes, BatchRows? rows) : Engine
{
    private readonly int[] _running = new int[lanes.Length];
    private volatile bool _splits = rows is not null;

    public override string Provider => lanes[0].Provider;

    public override InferenceSession Session => lanes[0].Session;

    public int Lanes => lanes.Length;

    /// <summary>Gets how calls are split into rows; null when they are not split.</summary>
    public BatchRows? Rows => _splits ? rows : null;

    public SessionEngine Lane(int lane) => lanes[lane];

    public override EngineCall NewCall(CallTensors tensors) => new ParallelCall(this, tensors);

    /// <summary>Disables splitting, because the outputs of the model do not have the rows that the signature declares.</summary>
    public void StaysWhole() => _splits = false;

    /// <summary>Reserves the worker with the fewest runs until <see cref="Leave"/>.</summary>
    public int Join()
    {
        var best = 0;
        for (var lane = 1; lane < _running.Length; lane++)
            if (Volatile.Read(ref _running[lane]) < Volatile.Read(ref _running[best]))
                best = lane;
        Interlocked.Increment(ref _running[best]);
        return best;
    }

    public void Leave(int lane) => Interlocked.Decrement(ref _running[lane]);

    protected override void Close()
    {
        foreach (var lane in lanes.Distinct())
            lane.CloseSession();
    }
}
