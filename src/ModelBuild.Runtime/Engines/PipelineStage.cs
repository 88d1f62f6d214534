using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Shapes;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime.Engines;

/// <summary>Represents one stage of a model, with its session and a semaphore that limits the number of calls in the stage.</summary>
internal sealed class PipelineStage : IDisposable
{
    // The interval after which a waiting caller checks again whether its run was cancelled.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly SemaphoreSlim _slots;

    /// <summary>Initializes a new instance of the <see cref="PipelineStage"/> class for a session.</summary>
    /// <param name="contract">The contract of the whole model.</param>
    /// <param name="open">Creates the engine of the session from the shapes of the stage.</param>
    /// <param name="session">The session of the stage.</param>
    /// <param name="runs">The number of calls that the stage runs at once.</param>
    public PipelineStage(ModelContract contract, InferenceSession session, Func<ShapeProgram, SessionEngine> open, int runs)
    {
        TensorContract[] inputs = [.. session.InputNames.Select(name => Describe(name, session.InputMetadata[name]))];
        TensorContract[] outputs = [.. session.OutputNames.Select(name => Describe(name, session.OutputMetadata[name]))];
        Contract = new ModelContract(contract.Name, contract.Model, contract.Hash, contract.Location, [], inputs, outputs, []);
        Shapes = new ShapeProgram(Contract);
        Engine = open(Shapes);
        _slots = new SemaphoreSlim(runs, runs);
    }

    /// <summary>Gets the inputs and outputs of the stage. All their shapes are undeclared, because the earlier stages determine them in each call.</summary>
    public ModelContract Contract { get; }

    public ShapeProgram Shapes { get; }

    public SessionEngine Engine { get; }

    /// <summary>Runs a call, after waiting until the stage is free.</summary>
    /// <exception cref="OperationCanceledException">The call was cancelled while it waited.</exception>
    public void Run(EngineCall call, RunOptions options)
    {
        while (!_slots.Wait(Pause))
            if (options.Terminate)
                throw new OperationCanceledException("The run was cancelled.");
        try
        {
            call.Run(options);
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose()
    {
        Engine.Retire();
        _slots.Dispose();
    }

    private static TensorContract Describe(string name, NodeMetadata metadata) =>
        metadata.IsTensor ? TensorContract.OfUnknownRank(name, ElementTypes.Name(metadata.ElementDataType)) : TensorContract.Untyped(name, "", "");
}
