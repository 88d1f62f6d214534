using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Calls;

namespace ModelBuild.Runtime.Engines;

/// <summary>
/// Several lanes for runs at the same time: one session for all on the CPU, a session each on a device. A call goes to the lane with the fewest runs; a call with several rows
/// is split among the lanes.
/// </summary>
internal sealed class ParallelEngine(SessionEngine[] lanes, BatchRows? rows) : Engine
{
    private readonly int[] _running = new int[lanes.Length];
    private volatile bool _splits = rows is not null;

    public override string Provider => lanes[0].Provider;

    public override InferenceSession Session => lanes[0].Session;

    public int Lanes => lanes.Length;

    /// <summary>How rows run apart; null when they do not.</summary>
    public BatchRows? Rows => _splits ? rows : null;

    public SessionEngine Lane(int lane) => lanes[lane];

    public override EngineCall NewCall(CallTensors tensors) => new ParallelCall(this, tensors);

    /// <summary>The model's outputs are not what its signature says row by row: calls stay whole from now on.</summary>
    public void StaysWhole() => _splits = false;

    /// <summary>The lane with the fewest runs, until <see cref="Leave"/>.</summary>
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
