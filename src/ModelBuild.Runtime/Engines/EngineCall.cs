using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Engines;

/// <summary>Represents the state that an engine keeps for one pooled call between runs. One thread at a time uses it.</summary>
internal abstract class EngineCall : IDisposable
{
    /// <summary>
    /// Runs the model on the contents of the input buffers. The lengths of the inputs and the variables must be set before. Afterwards the outputs have their
    /// shapes.
    /// </summary>
    public abstract void Run(RunOptions options);

    /// <summary>Runs the model without blocking a thread. Only the calls of a model on a server override this method.</summary>
    public virtual Task RunAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public abstract void Dispose();
}
