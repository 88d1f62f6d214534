using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Calls;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime.Engines;

/// <summary>
/// Binds the tensors of a call to a session for one set of shapes. Outputs whose shapes are known before the run are written to the buffers of the call. ONNX
/// Runtime allocates the others, and they are copied; from then on their shapes are known for these inputs.
/// </summary>
internal sealed class ShapeBinding : Binding
{
    private bool _isChecked;
    private bool _hasAllocated;

    /// <summary>Binds the tensors in their current memory.</summary>
    /// <param name="engine">The engine of the session.</param>
    /// <param name="tensors">The buffers of the call, whose lengths and variables are known.</param>
    /// <param name="presize">Whether outputs with declared shapes are bound to the buffers.</param>
    public ShapeBinding(SessionEngine engine, CallTensors tensors, bool presize)
        : base(engine, tensors, tensors.Key)
    {
        for (var i = 0; i < Inputs.Length; i++)
        {
            if (Inputs[i].Buffer is ValueBuffer)
                continue;
            var value = Inputs[i].CreateValue(tensors.InputShape(i));
            if (!engine.CopiesInputs)
                Native.BindInput(Inputs[i].Name, value);
        }

        // ONNX Runtime returns outputs in the order in which they were bound first.
        foreach (var output in Outputs)
            if (output is not null)
                Native.BindOutputToDevice(output.Name, OrtMemoryInfo.DefaultInstance);
        for (var i = 0; i < Outputs.Length; i++)
            if (Outputs[i] is { } output && presize && engine.ShapeSourceOf(i) == ShapeSource.Declared)
                Presize(output, tensors.OutputShape(i));
            else if (Outputs[i] is not null)
                _hasAllocated = true;
    }

    /// <summary>Gets whether an output is written to a buffer whose size was determined before the run.</summary>
    public bool HasPresized { get; private set; }

    /// <summary>
    /// Gets whether a shape is predicted from an earlier run. ONNX Runtime rejects a predicted shape when the actual one depends on the values of the inputs
    /// and is different now.
    /// </summary>
    public bool HasPredictedShape { get; private set; }

    /// <summary>Binds the outputs whose shapes an earlier run determined to buffers of that size.</summary>
    public void Prepare()
    {
        if (_hasAllocated && _isChecked)
            PresizeFromPreviousRun();
    }

    public void Run(RunOptions options)
    {
        using var held = Engine.LockDevice();
        foreach (var input in Inputs)
        {
            if (input.Buffer is ValueBuffer value)
            {
                // The native value of an input that is not a tensor is created for each run. An optional input that is left out is not bound.
                if (value.IsGiven)
                    Native.BindInput(input.Name, input.CreateValue([]));
                continue;
            }

            input.ApplyShape();
            input.Buffer.Flush(input.Value!);
            if (Engine.CopiesInputs)
                Native.BindInput(input.Name, input.Value!);
        }

        foreach (var output in Outputs)
            if (output is { Value: not null })
                output.ApplyShape();
            else if (output is { HasShape: true })
                // The binding still holds the output of the last run, and ONNX Runtime would use it as a buffer of that size.
                Native.BindOutputToDevice(output.Name, OrtMemoryInfo.DefaultInstance);
        Engine.Session.RunWithBinding(options, Native);
        if (_hasAllocated || !_isChecked)
            Collect();
    }

    /// <summary>Determines whether the shape of an output that was set before the run differs from its shape in <paramref name="other"/>.</summary>
    public bool Differs(ShapeBinding other, int output) =>
        Outputs[output] is { Value: not null, Shape: { } shape } && !shape.AsSpan().SequenceEqual(other.Outputs[output]!.Shape);

    /// <summary>
    /// Binds the outputs that ONNX Runtime allocated in the last run to buffers: the next run on inputs of the same shapes usually has outputs of the same
    /// shapes.
    /// </summary>
    private void PresizeFromPreviousRun()
    {
        _hasAllocated = false;
        for (var i = 0; i < Outputs.Length; i++)
            if (Outputs[i] is { Value: null } output)
            {
                if (output.Buffer.IsBlittable && Engine.ShapeSourceOf(i) != ShapeSource.Unknown)
                {
                    Presize(output, output.Shape!);
                    HasPredictedShape = true;
                }
                else
                {
                    _hasAllocated = true;
                }
            }
    }

    private void Presize(BoundTensor output, long[] shape)
    {
        output.Buffer.SetLength(CallTensors.BufferLength(output.Buffer.Contract, shape));
        Native.BindOutput(output.Name, output.CreateValue(shape));
        (HasPresized, _isChecked) = (true, false);
    }

    /// <summary>Copies the outputs of a run that are not in the buffers of the call to these buffers.</summary>
    private void Collect()
    {
        using var values = Engine.GetOutputs(Native);
        var bound = 0;
        for (var i = 0; i < Outputs.Length; i++)
        {
            if (Outputs[i] is not { } output)
                continue;
            var value = values[bound++];
            if (output.Value is not null && output.Buffer.IsOver(value!))
                continue;
            // ONNX Runtime does not write to the buffer when an output is also an input or a weight of the model.
            if (output.Value is not null)
                Engine.MarkShapeUnreliable(i);
            output.CopyFrom(value);
            _hasAllocated = true;
        }

        _isChecked = true;
    }
}
