using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Shapes;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime.Engines;

/// <summary>One stage of a model: its session, and the turns of those who want to run it.</summary>
internal sealed class PipelineStage : IDisposable
{
    // How long a caller waits before it looks whether it is still wanted.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly SemaphoreSlim _turns;

    /// <param name="contract">The whole model's contract.</param>
    /// <param name="open">Makes an engine of a session that knows the shapes of its outputs as they are given here.</param>
    /// <param name="session">The stage's session.</param>
    /// <param name="runs">How many calls it runs at once.</param>
    public PipelineStage(ModelContract contract, InferenceSession session, Func<ShapeProgram, SessionEngine> open, int runs)
    {
        TensorContract[] inputs = [.. session.InputNames.Select(name => Describe(name, session.InputMetadata[name]))];
        TensorContract[] outputs = [.. session.OutputNames.Select(name => Describe(name, session.OutputMetadata[name]))];
        Contract = new ModelContract(contract.Name, contract.Model, contract.Hash, contract.Location, [], inputs, outputs, []);
        Shapes = new ShapeProgram(Contract);
        Engine = open(Shapes);
        _turns = new SemaphoreSlim(runs, runs);
    }

    /// <summary>What it takes and gives. All shapes are open: those of one call follow from the call before it in the line.</summary>
    public ModelContract Contract { get; }

    public ShapeProgram Shapes { get; }

    public SessionEngine Engine { get; }

    /// <summary>Runs a call when it is its turn.</summary>
    /// <exception cref="OperationCanceledException">The call was terminated while it waited.</exception>
    public void Run(EngineCall call, RunOptions options)
    {
        while (!_turns.Wait(Pause))
            if (options.Terminate)
                throw new OperationCanceledException("The run was cancelled.");
        try
        {
            call.Run(options);
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose()
    {
        Engine.Retire();
        _turns.Dispose();
    }

    private static TensorContract Describe(string name, NodeMetadata metadata) =>
        metadata.IsTensor ? TensorContract.OfUnknownRank(name, ElementTypes.Name(metadata.ElementDataType)) : TensorContract.Untyped(name, "", "");
}
