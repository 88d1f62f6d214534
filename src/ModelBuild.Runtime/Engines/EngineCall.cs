using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Engines;

/// <summary>An engine's part of one pooled call: what is kept from run to run. Used by one thread at a time.</summary>
internal abstract class EngineCall : IDisposable
{
    /// <summary>Runs the model on what the input buffers hold; lengths and variables are known. The outputs have their shapes afterwards.</summary>
    public abstract void Run(RunOptions options);

    public abstract void Dispose();
}
