using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Engines;

/// <summary>The state that an engine keeps for one pooled call between runs. One thread at a time uses it.</summary>
internal abstract class EngineCall : IDisposable
{
    /// <summary>
    /// Runs the model on the contents of the input buffers. Lengths and variables are known before, and the outputs have their shapes afterwards.
    /// </summary>
    public abstract void Run(RunOptions options);

    /// <summary>Runs the model without a thread that waits. Only the calls of a server do this.</summary>
    public virtual Task RunAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public abstract void Dispose();
}
