using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Calls;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime.Engines;

/// <summary>
/// One call's tensors bound to a session for one set of shapes. Outputs whose shape is known before the run are written into the call's buffers; the others are made by
/// ONNX Runtime and copied, and from then on their shape is known for these inputs.
/// </summary>
internal sealed class ShapeBinding : Binding
{
    private bool _isChecked;
    private bool _hasMade;

    /// <summary>Binds the tensors as they are now.</summary>
    /// <param name="engine">The session.</param>
    /// <param name="tensors">The call's buffers; lengths and variables are known.</param>
    /// <param name="presize">Whether outputs whose shapes are declared go to the buffers.</param>
    public ShapeBinding(SessionEngine engine, CallTensors tensors, bool presize)
        : base(engine, tensors, tensors.Key)
    {
        for (var i = 0; i < Inputs.Length; i++)
        {
            if (Inputs[i].Buffer is ValueBuffer)
                continue;
            var value = Inputs[i].Place(tensors.InputShape(i));
            if (!engine.CopiesInputs)
                Native.BindInput(Inputs[i].Name, value);
        }

        // The order in which outputs are bound first is the order in which they come back.
        foreach (var output in Outputs)
            if (output is not null)
                Native.BindOutputToDevice(output.Name, OrtMemoryInfo.DefaultInstance);
        for (var i = 0; i < Outputs.Length; i++)
            if (Outputs[i] is { } output && presize && engine.Trust(i) == OutputTrust.Declared)
                Presize(output, tensors.OutputShape(i));
            else if (Outputs[i] is not null)
                _hasMade = true;
    }

    /// <summary>Whether any output is written into a buffer whose size was decided before the run.</summary>
    public bool HasPresized { get; private set; }

    /// <summary>Whether a shape was taken from an earlier run: where it depends on what the inputs hold, ONNX Runtime refuses it.</summary>
    public bool HasGuessed { get; private set; }

    /// <summary>Gives outputs whose shape an earlier run told a buffer of that size.</summary>
    public void Prepare()
    {
        if (_hasMade && _isChecked)
            PresizeSeen();
    }

    public void Run(RunOptions options)
    {
        using var turn = Engine.TakeTurn();
        foreach (var input in Inputs)
        {
            if (input.Buffer is ValueBuffer value)
            {
                // Made anew for each run; one that is left out is not bound.
                if (value.IsGiven)
                    Native.BindInput(input.Name, input.Place([]));
                continue;
            }

            input.Show();
            input.Buffer.Flush(input.Value!);
            if (Engine.CopiesInputs)
                Native.BindInput(input.Name, input.Value!);
        }

        foreach (var output in Outputs)
            if (output is { Value: not null })
                output.Show();
            else if (output is { IsSeen: true })
                // A binding keeps what the last run made, and would hand it in as a buffer of that size.
                Native.BindOutputToDevice(output.Name, OrtMemoryInfo.DefaultInstance);
        Engine.Session.RunWithBinding(options, Native);
        if (_hasMade || !_isChecked)
            Collect();
    }

    /// <summary>Whether an output that had its size before the run has another shape in <paramref name="other"/>.</summary>
    public bool Differs(ShapeBinding other, int output) =>
        Outputs[output] is { Value: not null, Shape: { } shape } && !shape.AsSpan().SequenceEqual(other.Outputs[output]!.Shape);

    /// <summary>What the last run on these shapes made has, as a rule, the same shape in the next.</summary>
    private void PresizeSeen()
    {
        _hasMade = false;
        for (var i = 0; i < Outputs.Length; i++)
            if (Outputs[i] is { Value: null } output)
            {
                if (output.Buffer.IsBlittable && Engine.Trust(i) != OutputTrust.None)
                {
                    Presize(output, output.Shape!);
                    HasGuessed = true;
                }
                else
                {
                    _hasMade = true;
                }
            }
    }

    private void Presize(BoundTensor output, long[] shape)
    {
        output.Buffer.SetLength(CallTensors.BufferLength(output.Buffer.Contract, shape));
        Native.BindOutput(output.Name, output.Place(shape));
        (HasPresized, _isChecked) = (true, false);
    }

    /// <summary>Takes the outputs that are not in our buffers.</summary>
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
            // An output that is an input or a weight of the model is handed out as it is, and our buffer stays empty.
            if (output.Value is not null)
                Engine.Distrust(i);
            output.Take(value);
            _hasMade = true;
        }

        _isChecked = true;
    }
}
