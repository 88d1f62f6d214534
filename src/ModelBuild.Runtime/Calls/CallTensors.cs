using System.Runtime.InteropServices;
using ModelBuild.Runtime.Shapes;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime.Calls;

/// <summary>
/// Holds the buffers of one pooled call or of a stream, and the sizes of its current use. The class does not depend on a session, so that any engine can run
/// the call.
/// </summary>
internal sealed class CallTensors
{
    private readonly ShapeProgram _shapes;

    // The key of the cached bindings consists of the variables, the rank and shape of each input whose rank the model does not declare, and the parity of a
    // stream.
    private readonly List<long> _key = [];

    private long[]? _scratch;

    public CallTensors(ModelContract contract, ShapeProgram shapes, IReadOnlyList<ModelState>? states = null)
    {
        _shapes = shapes;
        Inputs = [.. contract.Inputs.Select(ElementTypes.CreateBuffer)];
        Outputs = [.. contract.Outputs.Select(output => output.IsTyped ? ElementTypes.CreateBuffer(output) : null)];
        Variables = new long[shapes.Variables.Count];
        for (var i = 0; i < Inputs.Length; i++)
            if (shapes.Inputs[i] is { IsFixed: true } template)
                Inputs[i].SetLength(BufferLength(Inputs[i].Contract, template.FixedElements));
        States = states is null ? null : new CallStates(states, shapes, Inputs, Outputs);
    }

    /// <summary>
    /// Creates the tensors of a stage on buffers that it shares with other stages. Their shapes are the given shapes of the buffers (<see cref="ComputeKey"/>).
    /// </summary>
    public CallTensors(ShapeProgram shapes, TensorBuffer[] inputs, TensorBuffer?[] outputs)
    {
        _shapes = shapes;
        (Inputs, Outputs, Variables) = (inputs, outputs, []);
    }

    public TensorBuffer[] Inputs { get; }

    /// <summary>Gets the output buffers; an element is null when the output has no typed member.</summary>
    public TensorBuffer?[] Outputs { get; }

    /// <summary>Gets the sizes of the variables in the current call, in the order of the contract.</summary>
    public long[] Variables { get; }

    /// <summary>Gets the bytes of memory that the buffers keep for later calls.</summary>
    public long Kept
    {
        get
        {
            var kept = 0L;
            foreach (var input in Inputs)
                kept += input.Kept;
            foreach (var output in Outputs)
                kept += output?.Kept ?? 0;
            return kept;
        }
    }

    public ShapeProgram Shapes => _shapes;

    /// <summary>Gets the first size of the first input, which must have a declared rank of 1 or more.</summary>
    public long FirstSize => _shapes.Inputs[0]!.FirstSize(Variables);

    /// <summary>Gets the states of a stream; null for a call without states.</summary>
    public CallStates? States { get; }

    /// <summary>Gets the parity of a stream: which of the two memory blocks of a state is the input, 0 or 1. A binding is valid for one parity only.</summary>
    public int Parity { get; private set; }

    /// <summary>
    /// Gets the key that determines the shapes of all inputs. Calls with equal keys have equal shapes, and their states are in the same memory.
    /// </summary>
    public ReadOnlySpan<long> Key => CollectionsMarshal.AsSpan(_key);

    /// <summary>Computes the sizes of the variables from the lengths of the inputs.</summary>
    /// <exception cref="ArgumentException">The length of an input contradicts its shape.</exception>
    public void Solve()
    {
        if (_shapes.IsFixed && States is null)
            return;
        ShapeSolver.Infer(_shapes, Inputs, Variables);
        States?.Begin(Variables);
        ShapeSolver.Check(_shapes, Inputs, Variables);
        _key.Clear();
        _key.AddRange(Variables);
        for (var i = 0; i < Inputs.Length; i++)
            if (_shapes.Inputs[i] is null)
            {
                _key.Add(Inputs[i].GivenShape.Length);
                _key.AddRange(Inputs[i].GivenShape);
            }

        Parity = States?.Parity ?? 0;
        _key.Add(Parity);
    }

    /// <summary>Computes the key of the shapes of a stage from the given shapes of its input buffers.</summary>
    /// <param name="whole">The call that the stage is a part of. Its key is a part of this key, because another binding of the call needs another binding of
    /// the stage.</param>
    public void ComputeKey(CallTensors whole)
    {
        Parity = whole.Parity;
        _key.Clear();
        _key.AddRange(whole.Key);
        foreach (var input in Inputs)
        {
            _key.Add(input.GivenShape.Length);
            _key.AddRange(input.GivenShape);
        }
    }

    /// <summary>Sets the given shapes of the input buffers for the stages that share them.</summary>
    public void SetGivenShapes()
    {
        _scratch ??= new long[_shapes.Inputs.Select(template => template?.Rank ?? 0).DefaultIfEmpty().Max()];
        for (var i = 0; i < Inputs.Length; i++)
            if (_shapes.Inputs[i] is { } template)
            {
                var shape = _scratch.AsSpan(0, template.Rank);
                template.Fill(Variables, shape);
                Inputs[i].SetGivenShape(shape);
            }
    }

    /// <summary>
    /// Sets all tensors to their declared shapes. The result is <see langword="false"/> when the shape of an output is not declared, or when ONNX Runtime
    /// cannot read an input buffer in place.
    /// </summary>
    public bool TryPresize()
    {
        for (var i = 0; i < Outputs.Length; i++)
        {
            if (Outputs[i] is not { } output)
                continue;
            if (_shapes.Outputs[i] is not { } template)
                return false;
            output.SetLength(BufferLength(output.Contract, template.Elements(Variables)));
            SetDeclaredShape(output, template);
        }

        for (var i = 0; i < Inputs.Length; i++)
            SetDeclaredShape(Inputs[i], _shapes.Inputs[i]!);
        return Inputs.All(input => input.IsBlittable);
    }

    /// <summary>Returns the shape of an input in this call.</summary>
    public long[] InputShape(int input) => _shapes.Inputs[input] is { } template ? Fill(template) : Inputs[input].GivenShape.ToArray();

    /// <summary>Returns the declared shape of an output in this call. The model must declare the shape of the output.</summary>
    public long[] OutputShape(int output) => Fill(_shapes.Outputs[output]!);

    /// <summary>Returns the number of elements of a shape as a buffer length.</summary>
    /// <exception cref="ArgumentException">The tensor has more elements than a .NET array can hold.</exception>
    public static int BufferLength(TensorContract contract, long[] shape) => BufferLength(contract, ShapeTemplate.Product(shape));

    /// <summary>Returns a number of elements as a buffer length.</summary>
    /// <exception cref="ArgumentException">The tensor has more elements than a .NET array can hold.</exception>
    public static int BufferLength(TensorContract contract, long elements) =>
        elements <= Array.MaxLength
            ? (int)elements
            : throw new ArgumentException($"Tensor '{contract.Name}' would have {elements} elements; a .NET buffer holds at most {Array.MaxLength}.");

    private void SetDeclaredShape(TensorBuffer buffer, ShapeTemplate template)
    {
        if (!template.Matches(Variables, buffer.Shape))
            buffer.SetShape(Fill(template), buffer.Length);
    }

    private long[] Fill(ShapeTemplate template)
    {
        var shape = new long[template.Rank];
        template.Fill(Variables, shape);
        return shape;
    }
}
