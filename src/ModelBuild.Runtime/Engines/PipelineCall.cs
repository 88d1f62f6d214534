using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Calls;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime.Engines;

/// <summary>
/// One call's way through the stages. What crosses is in buffers of the call: a stage's session writes it, and the next one's reads it where it is.
/// </summary>
internal sealed class PipelineCall : EngineCall
{
    private readonly CallTensors _whole;
    private readonly (PipelineStage Stage, CallTensors Tensors, EngineCall Call)[] _steps;

    public PipelineCall(PipelineStage[] stages, CallTensors whole)
    {
        _whole = whole;
        var buffers = new Dictionary<string, TensorBuffer?>(StringComparer.Ordinal);
        foreach (var buffer in whole.Inputs.Concat(whole.Outputs.OfType<TensorBuffer>()))
            // An input that is an output as well keeps its two buffers, and stages read the first.
            buffers.TryAdd(buffer.Contract.Name, buffer);
        _steps =
        [
            .. stages.Select(stage =>
            {
                var outputs = stage
                    .Contract.Outputs.Select(output => whole.Outputs.FirstOrDefault(buffer => buffer?.Contract.Name == output.Name) ?? Buffer(output))
                    .ToArray();
                for (var i = 0; i < outputs.Length; i++)
                    buffers.TryAdd(stage.Contract.Outputs[i].Name, outputs[i]);
                var tensors = new CallTensors(stage.Shapes, [.. stage.Contract.Inputs.Select(input => buffers[input.Name]!)], outputs);
                return (stage, tensors, stage.Engine.NewCall(tensors));
            }),
        ];
    }

    public override void Run(RunOptions options)
    {
        _whole.GiveShapes();
        foreach (var (stage, tensors, call) in _steps)
        {
            tensors.Follow(_whole);
            stage.Run(call, options);
            foreach (var output in tensors.Outputs)
                output?.GiveShape(output.Shape);
        }
    }

    public override void Dispose()
    {
        foreach (var step in _steps)
            step.Call.Dispose();
    }

    // An output of the whole without a typed member is not asked for; between stages there are tensors only.
    private static TensorBuffer? Buffer(TensorContract output) => output.IsTyped ? ElementTypes.CreateBuffer(output) : null;
}
