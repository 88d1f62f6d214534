using System.Runtime.InteropServices;
using ModelBuild.Runtime.Shapes;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime.Calls;

/// <summary>The buffers of one pooled call, or of a stream, and the sizes of its current use. Knows no session: any engine can run on them.</summary>
internal sealed class CallTensors
{
    private readonly ShapeProgram _shapes;

    // The variables, then rank and shape of each input whose rank the model leaves open, then a stream's phase.
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

    /// <summary>The tensors of a stage, on buffers that it shares with others; its shapes follow from those that the buffers have (<see cref="Follow"/>).</summary>
    public CallTensors(ShapeProgram shapes, TensorBuffer[] inputs, TensorBuffer?[] outputs)
    {
        _shapes = shapes;
        (Inputs, Outputs, Variables) = (inputs, outputs, []);
    }

    public TensorBuffer[] Inputs { get; }

    /// <summary>Null where an output has no typed member.</summary>
    public TensorBuffer?[] Outputs { get; }

    /// <summary>The sizes of the current call, in the contract's order.</summary>
    public long[] Variables { get; }

    public ShapeProgram Shapes => _shapes;

    /// <summary>What a stream keeps from run to run; null for a plain call.</summary>
    public CallStates? States { get; }

    /// <summary>Which memory the states are in: bindings of one phase do not fit the other.</summary>
    public int Phase { get; private set; }

    /// <summary>What the shapes of all inputs follow from: calls with equal keys have equal shapes, and states in the same memory.</summary>
    public ReadOnlySpan<long> Key => CollectionsMarshal.AsSpan(_key);

    /// <summary>Finds the sizes of this call from the lengths that were written.</summary>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
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

        Phase = States?.Phase ?? 0;
        _key.Add(Phase);
    }

    /// <summary>Takes the shapes that the inputs' buffers were given.</summary>
    /// <param name="whole">The call that the stage is a part of: other bindings of it are other bindings here.</param>
    public void Follow(CallTensors whole)
    {
        Phase = whole.Phase;
        _key.Clear();
        _key.AddRange(whole.Key);
        foreach (var input in Inputs)
        {
            _key.Add(input.GivenShape.Length);
            _key.AddRange(input.GivenShape);
        }
    }

    /// <summary>Gives the inputs' buffers the shapes that they have in this call, for stages that share them.</summary>
    public void GiveShapes()
    {
        _scratch ??= new long[_shapes.Inputs.Select(template => template?.Rank ?? 0).DefaultIfEmpty().Max()];
        for (var i = 0; i < Inputs.Length; i++)
            if (_shapes.Inputs[i] is { } template)
            {
                var shape = _scratch.AsSpan(0, template.Rank);
                template.Fill(Variables, shape);
                Inputs[i].GiveShape(shape);
            }
    }

    /// <summary>Gives all tensors the shapes that the model declares; false where those of an output are unknown, or ONNX Runtime cannot write into its buffer.</summary>
    public bool TryPresize()
    {
        for (var i = 0; i < Outputs.Length; i++)
        {
            if (Outputs[i] is not { } output)
                continue;
            if (_shapes.Outputs[i] is not { } template)
                return false;
            output.SetLength(BufferLength(output.Contract, template.Elements(Variables)));
            Show(output, template);
        }

        for (var i = 0; i < Inputs.Length; i++)
            Show(Inputs[i], _shapes.Inputs[i]!);
        return Inputs.All(input => input.IsBlittable);
    }

    /// <summary>The shape of an input in this call.</summary>
    public long[] InputShape(int input) => _shapes.Inputs[input] is { } template ? Fill(template) : Inputs[input].GivenShape.ToArray();

    /// <summary>The shape that the model declares for an output, in this call. Only for outputs that have one.</summary>
    public long[] OutputShape(int output) => Fill(_shapes.Outputs[output]!);

    /// <summary>The number of elements of a shape, as a length.</summary>
    /// <exception cref="ArgumentException">There are too many for one buffer.</exception>
    public static int BufferLength(TensorContract contract, long[] shape) => BufferLength(contract, ShapeTemplate.Product(shape));

    /// <exception cref="ArgumentException">There are too many for one buffer.</exception>
    public static int BufferLength(TensorContract contract, long elements) =>
        elements <= Array.MaxLength
            ? (int)elements
            : throw new ArgumentException($"Tensor '{contract.Name}' would have {elements} elements; a .NET buffer holds at most {Array.MaxLength}.");

    private void Show(TensorBuffer buffer, ShapeTemplate template)
    {
        if (!template.Gives(Variables, buffer.Shape))
            buffer.Show(Fill(template), buffer.Length);
    }

    private long[] Fill(ShapeTemplate template)
    {
        var shape = new long[template.Rank];
        template.Fill(Variables, shape);
        return shape;
    }
}
