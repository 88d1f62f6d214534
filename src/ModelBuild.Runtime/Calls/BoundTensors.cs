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
            Bind();
        foreach (var input in Inputs)
            input.Flush();
        if (_host.CopiesInputs)
            foreach (var input in Inputs)
                _binding.BindInput(input.Contract.Name, input.Value!);
        try
        {
            RunBound(options);
        }
        catch (OnnxRuntimeException exception) when (IsWrongShape(exception))
        {
            // The model declares another shape for an output than it makes. From now on only the run is believed.
            _host.TrustsOutputShapes = false;
            Bind();
            RunBound(options);
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
        for (var i = 0; i < Outputs.Length; i++)
            if (Outputs[i] is { } output && !_isPreallocated[i])
                _binding.BindOutputToDevice(output.Contract.Name, OrtMemoryInfo.DefaultInstance);
        _host.OpenSession.RunWithBinding(options, _binding);
        if (Array.IndexOf(_isPreallocated, false) >= 0)
            Collect();
    }

    private void Collect()
    {
        using var values = _binding.GetOutputValues();
        var bound = 0;
        for (var i = 0; i < Outputs.Length; i++)
            if (Outputs[i] is { } output)
            {
                var value = values[bound++];
                if (!_isPreallocated[i])
                    output.CopyFrom(value);
            }
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

    private void Bind()
    {
        _isBound = false;
        for (var i = 0; i < Inputs.Length; i++)
        {
            var input = Inputs[i];
            if (Shape(_host.Shapes.Inputs[i], input) && !_host.CopiesInputs)
                _binding.BindInput(input.Contract.Name, input.Value!);
        }

        for (var i = 0; i < Outputs.Length; i++)
        {
            var template = _host.TrustsOutputShapes ? _host.Shapes.Outputs[i] : null;
            _isPreallocated[i] = Outputs[i] is null || template is not null;
            if (Outputs[i] is not { } output || template is null)
                continue;
            output.SetLength(BufferLength(output.Contract, template.Elements(Variables)));
            if (Shape(template, output))
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

    private bool IsWrongShape(OnnxRuntimeException exception) =>
        _host.TrustsOutputShapes && exception.Message.Contains("shape verification failed", StringComparison.OrdinalIgnoreCase);

    private static int BufferLength(TensorContract contract, long elements) => elements <= Array.MaxLength
        ? (int)elements
        : throw new ArgumentException($"Tensor '{contract.Name}' would have {elements} elements; a .NET buffer holds at most {Array.MaxLength}.");
}
