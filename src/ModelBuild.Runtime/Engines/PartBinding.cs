using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Calls;

namespace ModelBuild.Runtime.Engines;

/// <summary>Binds some rows of a call to a session. The session reads and writes these rows of the call's buffers in place.</summary>
internal sealed class PartBinding : Binding
{
    private readonly int _first;
    private readonly int _rows;
    private bool _isChecked;

    /// <summary>Binds rows of the tensors in their current memory. The outputs must have their lengths before.</summary>
    public PartBinding(SessionEngine engine, CallTensors tensors, ReadOnlySpan<long> key, int first, int count, int rows)
        : base(engine, tensors, key)
    {
        (_first, _rows) = (first, rows);
        foreach (var input in Inputs)
        {
            var value = CreateValue(input, count);
            if (!engine.CopiesInputs)
                Native.BindInput(input.Name, value);
        }

        foreach (var output in Outputs)
            if (output is not null)
                Native.BindOutput(output.Name, CreateValue(output, count));
    }

    /// <summary>Runs the model on the bound rows.</summary>
    /// <returns><see langword="false"/> when an output is not in the buffer of the call, because the model returns an input or a weight as an
    /// output.</returns>
    public bool Run(RunOptions options)
    {
        using var held = Engine.LockDevice();
        if (Engine.CopiesInputs)
            foreach (var input in Inputs)
                Native.BindInput(input.Name, input.Value!);
        Engine.Session.RunWithBinding(options, Native);
        return _isChecked || (_isChecked = IsInPlace());
    }

    private OrtValue CreateValue(BoundTensor tensor, int count) => tensor.CreateValue([count, .. tensor.Buffer.Shape.AsSpan(1)], Start(tensor));

    private int Start(BoundTensor tensor) => tensor.Buffer.Length / _rows * _first;

    private bool IsInPlace()
    {
        using var values = Native.GetOutputValues();
        var bound = 0;
        foreach (var output in Outputs)
            if (output is not null && !output.Buffer.IsOver(values[bound++], Start(output)))
                return false;
        return true;
    }
}
