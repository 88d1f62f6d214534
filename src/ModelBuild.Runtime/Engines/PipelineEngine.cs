using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Calls;

namespace ModelBuild.Runtime.Engines;

/// <summary>
/// Runs a model that is cut into stages. Each call runs through all stages on the thread of its caller and waits when a stage is busy, so that calls of
/// several callers run in different stages at the same time.
/// </summary>
internal sealed class PipelineEngine(PipelineStage[] stages) : Engine
{
    public override string Provider { get; } = string.Join('+', stages.Select(stage => stage.Engine.Provider).Distinct());

    public override InferenceSession Session => stages[0].Engine.Session;

    public override IEnumerable<InferenceSession> Sessions => stages.Select(stage => stage.Engine.Session);

    public override EngineCall NewCall(CallTensors tensors) => new PipelineCall(stages, tensors);

    protected override void Close()
    {
        foreach (var stage in stages)
            stage.Dispose();
    }
}
