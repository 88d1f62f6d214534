using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Shapes;
using ModelBuild.Runtime.Tensors;

namespace ModelBuild.Runtime.Calls;

/// <summary>
/// The buffers of one pooled call, bound to the session. As long as shapes repeat nothing is bound anew and nothing is
/// allocated. Outputs whose shape only the run tells are made by ONNX Runtime and copied into a buffer.
/// </summary>
internal sealed class BoundTensors : IDisposable
{
    private readonly ModelHost _host;
    private readonly OrtIoBinding _binding;
    private readonly long[] _boundVariables;
    private readonly bool[] _isPreallocated;
    private bool _isBound;
    private bool _isTried;
    private bool _hasPreallocated;
    private bool _hasCollected;

    public BoundTensors(ModelHost host)
    {
        _host = host;
        _binding = host.OpenSession.CreateIoBinding();
        Inputs = [.. host.Contract.Inputs.Select(ElementTypes.CreateBuffer)];
        Outputs = [.. host.Contract.Outputs.Select(output => output.IsTyped ? ElementTypes.CreateBuffer(output) : null)];
        Variables = new long[host.Shapes.Variables.Count];
        _boundVariables = new long[Variables.Length];
        _isPreallocated = new bool[Outputs.Length];
        for (var i = 0; i < Inputs.Length; i++)
            if (host.Shapes.Inputs[i] is { IsFixed: true } template)
                Inputs[i].SetLength(BufferLength(Inputs[i].Contract, template.FixedElements));
        // The order in which outputs are bound first is the order in which they come back.
        foreach (var output in Outputs)
            if (output is not null)
                _binding.BindOutputToDevice(output.Contract.Name, OrtMemoryInfo.DefaultInstance);
    }

    public TensorBuffer[] Inputs { get; }

    /// <summary>Null where an output has no typed member: it is not asked for.</summary>
    public TensorBuffer?[] Outputs { get; }

    /// <summary>The sizes of the current call, in the contract's order.</summary>
    public long[] Variables { get; }

    /// <summary>Runs the session on what the input buffers hold.</summary>
    public void Run(RunOptions options)
    {
        if (!_host.Shapes.IsFixed)
            ShapeSolver.Solve(_host.Shapes, Inputs, Variables);
        if (!_isBound || NeedsBinding())
            Bind(_host.TrustsOutputShapes);
        foreach (var input in Inputs)
            input.Flush();
        if (_host.CopiesInputs)
            foreach (var input in Inputs)
                _binding.BindInput(input.Contract.Name, input.Value!);
        try
        {
            RunBound(options);
        }
        catch (OnnxRuntimeException exception) when (_hasPreallocated && !options.Terminate && IsAboutShape(exception))
        {
            // The model may declare another shape for an output than it makes. Without buffers of ours the run decides; when
            // that works, the declared shapes are not believed any more.
            Bind(preallocate: false);
            RunBound(options);
            _host.TrustsOutputShapes = false;
        }
    }

    public void Dispose()
    {
        _binding.Dispose();
        foreach (var input in Inputs)
            input.Dispose();
        foreach (var output in Outputs)
            output?.Dispose();
    }

    private void RunBound(RunOptions options)
    {
        // A binding keeps what the last run made for such an output, and would hand it in as a buffer of that size.
        if (_hasCollected)
            for (var i = 0; i < Outputs.Length; i++)
                if (Outputs[i] is { } output && !_isPreallocated[i])
                    _binding.BindOutputToDevice(output.Contract.Name, OrtMemoryInfo.DefaultInstance);
        _host.OpenSession.RunWithBinding(options, _binding);
        if (_hasCollected || !_isTried)
            Collect();
    }

    /// <summary>Takes the outputs that are not in our buffers.</summary>
    private void Collect()
    {
        using var values = _binding.GetOutputValues();
        var bound = 0;
        for (var i = 0; i < Outputs.Length; i++)
        {
            if (Outputs[i] is not { } output)
                continue;
            var value = values[bound++];
            // An output that is an input or a weight of the model is handed out as it is, and our buffer stays empty.
            if (_isPreallocated[i] && output.IsOver(value))
                continue;
            output.CopyFrom(value);
            _isPreallocated[i] = false;
            _hasCollected = true;
        }

        _isTried = true;
    }

    private bool NeedsBinding()
    {
        if (!Variables.AsSpan().SequenceEqual(_boundVariables))
            return true;
        foreach (var input in Inputs)
            if (input.IsStale)
                return true;
        return false;
    }

    private void Bind(bool preallocate)
    {
        (_isBound, _isTried, _hasPreallocated, _hasCollected) = (false, false, false, false);
        for (var i = 0; i < Inputs.Length; i++)
        {
            var input = Inputs[i];
            if (Shape(_host.Shapes.Inputs[i], input) && !_host.CopiesInputs)
                _binding.BindInput(input.Contract.Name, input.Value!);
        }

        for (var i = 0; i < Outputs.Length; i++)
        {
            if (Outputs[i] is not { } output)
                continue;
            var template = preallocate ? _host.Shapes.Outputs[i] : null;
            _isPreallocated[i] = template is not null;
            if (template is null)
            {
                _hasCollected = true;
                continue;
            }

            _hasPreallocated = true;
            output.SetLength(BufferLength(output.Contract, template.Elements(Variables)));
            Shape(template, output);
            _binding.BindOutput(output.Contract.Name, output.Value!);
        }

        Variables.CopyTo(_boundVariables, 0);
        _isBound = true;
    }

    private bool Shape(ShapeTemplate? template, TensorBuffer buffer)
    {
        if (template is null)
            return buffer.Shaped(buffer.Shape);
        Span<long> shape = template.Rank <= 16 ? stackalloc long[template.Rank] : new long[template.Rank];
        template.Fill(Variables, shape);
        return buffer.Shaped(shape);
    }

    /// <summary>ONNX Runtime has one code for many faults, and words its messages anew from version to version.</summary>
    private static bool IsAboutShape(OnnxRuntimeException exception) => exception.Message.Contains("shape", StringComparison.OrdinalIgnoreCase);

    private static int BufferLength(TensorContract contract, long elements) => elements <= Array.MaxLength
        ? (int)elements
        : throw new ArgumentException($"Tensor '{contract.Name}' would have {elements} elements; a .NET buffer holds at most {Array.MaxLength}.");
}
