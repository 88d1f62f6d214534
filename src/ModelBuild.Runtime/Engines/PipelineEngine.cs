using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Calls;

namespace ModelBuild.Runtime.Engines;

/// <summary>
/// A model in stages: each call goes through all of them on its caller's thread, and waits where a stage has calls enough. So calls of several callers are in different stages at once.
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
