using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Calls;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime.Engines;

/// <summary>
/// Runs one call through all stages. The crossing values are in buffers of the call: one stage writes a buffer, and later stages read it in place.
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
            // A value that is both an input and an output of the model has two buffers. The stages read the input buffer.
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
        _whole.SetGivenShapes();
        foreach (var (stage, tensors, call) in _steps)
        {
            tensors.ComputeKey(_whole);
            stage.Run(call, options);
            foreach (var output in tensors.Outputs)
                output?.SetGivenShape(output.Shape);
        }
    }

    public override void Dispose()
    {
        foreach (var step in _steps)
            step.Call.Dispose();
    }

    // Returns the buffer of an output of a stage. An output of the model without a typed member has no buffer. Values between stages are always tensors.
    private static TensorBuffer? Buffer(TensorContract output) => output.IsTyped ? ElementTypes.CreateBuffer(output) : null;
}
