using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Recurrent;

/// <summary>Builds a Scan node: a loop over the first axis of sequences of float32 values, with states that each step changes.</summary>
/// <param name="node">The node to which the loop belongs.</param>
/// <param name="isBackwards">Whether the loop runs from the last step to the first. The steps of its results have the order of the sequences.</param>
internal sealed class ScanLoop(GradientNode node, bool isBackwards)
{
    // The declared type of each output of a time step, a matrix [rows, columns]. ONNX Runtime requires that the rank is declared.
    private static readonly InferredTensor Matrix = new(DataType.Float, [-1, -1]);

    private readonly GraphProto _body = new() { Name = "step" };
    private readonly List<(string Initial, string Value)> _states = [];
    private readonly List<(string Sequence, string Value)> _sequences = [];
    private readonly Dictionary<string, string> _updates = new(StringComparer.Ordinal);
    private readonly List<string> _results = [];

    /// <summary>Adds a state with a first value to the loop, and returns the name of its value before a step.</summary>
    public string State(string initial)
    {
        var name = Fresh();
        _states.Add((initial, name));
        return name;
    }

    /// <summary>Adds an input sequence to the loop, and returns the name of its value in a step.</summary>
    public string Read(string sequence)
    {
        var name = Fresh();
        _sequences.Add((sequence, name));
        return name;
    }

    /// <summary>Adds a node to the body of the loop, and returns the name of its output. Its inputs are values of the step or of the graph outside.</summary>
    public string Emit(string opType, IEnumerable<string> inputs, params (string Name, object Value)[] attributes)
    {
        var name = Fresh();
        _body.Node.Add(Nodes.Create(opType, inputs, [name], name, attributes: attributes));
        return name;
    }

    /// <summary>Sets the value of a state after a step.</summary>
    public void Update(string state, string value) => _updates[state] = value;

    /// <summary>Adds a value of each step to the results of the loop.</summary>
    public void Write(string value) => _results.Add(value);

    /// <summary>Adds the Scan node to the graph, and returns the names of its outputs.</summary>
    /// <returns>The last values of the states, then the sequences of the results.</returns>
    public string[] Run()
    {
        foreach (var name in _states.Concat(_sequences).Select(input => input.Item2))
            _body.Input.Add(Declare(name));
        // Each output of the body is a copy, because ONNX allows a body neither to list a value twice among its outputs nor to return an input.
        foreach (var value in _states.Select(state => _updates[state.Value]).Concat(_results).ToArray())
            _body.Output.Add(Matrix.Declare(Emit("Identity", [value])));
        var directions = isBackwards ? 1L : 0;
        return node.EmitAll(
            "Scan",
            _states.Concat(_sequences).Select(input => input.Item1),
            _states.Count + _results.Count,
            "",
            ("body", _body),
            ("num_scan_inputs", (long)_sequences.Count),
            ("scan_input_directions", _sequences.Select(_ => directions).ToArray()),
            ("scan_output_directions", _results.Select(_ => directions).ToArray())
        );
    }

    private static ValueInfoProto Declare(string name) => new InferredTensor(DataType.Float, []).Declare(name);

    private string Fresh() => node.Backward.Graph.FreshName($"step of {node.Output()}");
}
