using System.Globalization;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Graphs;

/// <summary>The methods with which a loss adds its nodes to a training graph.</summary>
/// <param name="graph">The training graph.</param>
/// <param name="shapes">The types and shapes of the values of the model.</param>
internal sealed class LossGraph(Graph graph, IReadOnlyDictionary<string, InferredTensor> shapes)
{
    private readonly List<Target> _targets = [];
    private readonly List<Parameter> _settings = [];

    /// <summary>The target inputs that were added to the graph, in the order of their addition.</summary>
    public IReadOnlyList<Target> Targets => _targets;

    /// <summary>The inputs of the graph that stay the same for all batches: logarithms of learned settings, and the scale of the loss.</summary>
    public IReadOnlyList<Parameter> Settings => _settings;

    /// <summary>The names of the outputs of the model.</summary>
    public IReadOnlyList<string> Outputs { get; } = [.. graph.Proto.Output.Select(output => output.Name)];

    /// <summary>Returns the type and shape of a value of the model.</summary>
    public InferredTensor Describe(string value) => shapes[value];

    /// <summary>Adds an input of the graph that receives a value of the teacher for each batch, and returns its name.</summary>
    /// <param name="value">The value of the model that is compared with it, which has its shape.</param>
    /// <param name="teacher">The value of the teacher.</param>
    public string AddTeacher(string value, string teacher) => AddTarget($"teacher of {value}", Describe(value), teacher);

    /// <summary>Adds an input of the graph that receives the class of each row as int64, and returns its name.</summary>
    public string AddLabels(long count) => AddTarget("labels", new InferredTensor(DataType.Int64, [count]), output: null);

    /// <summary>Adds a node of the ONNX domain with one output, and returns the name of the output.</summary>
    public string Emit(string opType, IEnumerable<string> inputs, params (string Name, object Value)[] attributes)
    {
        var name = graph.FreshName("loss");
        graph.Append(Nodes.Create(opType, inputs, [name], name, attributes: attributes));
        return name;
    }

    /// <summary>Returns rows with 1 at the index of each element and 0 elsewhere. An index outside of 0…<paramref name="size"/>−1 has a row of zeros.</summary>
    public string OneHot(string indices, long size)
    {
        var positions = Add(name => Tensors.Create(name, [1, size], [.. Enumerable.Range(0, (int)size).Select(index => (long)index)]), "classes");
        var isEqual = Emit("Equal", [Emit("Unsqueeze", [indices, Integers(1)]), positions]);
        return Emit("Cast", [isEqual], ("to", (long)DataType.Float));
    }

    /// <summary>Returns the name of a constant float32 scalar.</summary>
    public string Number(float value) => Add(name => Tensors.Create(name, [], new[] { value }), value.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Returns the name of the float32 scalar with the value of a setting.</summary>
    public string Read(LossSetting setting) => setting.Logarithm is { } logarithm ? Emit("Exp", [Read(logarithm)]) : Number(setting.Value);

    /// <summary>Returns the name of an input of the graph with a number that does not depend on the batch.</summary>
    public string Read(Parameter number)
    {
        if (!_settings.Contains(number))
        {
            graph.AddInput(new InferredTensor(DataType.Float, number.Shape).Declare(number.Name));
            _settings.Add(number);
        }

        return number.Name;
    }

    /// <summary>Returns a model that computes values of the graph in its present state, from the inputs that these values depend on.</summary>
    /// <param name="values">The names of the values.</param>
    public OnnxModel Extract(IEnumerable<string> values)
    {
        var model = graph.Model.Clone();
        var extract = new Graph(model);
        extract.SetOutputs(values);
        new DeadCodeElimination().Apply(extract, CancellationToken.None);
        foreach (var input in extract.Proto.Input.Select(input => input.Name).Where(input => extract.Consumers(input).Count == 0).ToArray())
            extract.RemoveInput(input);
        extract.Proto.ValueInfo.Clear();
        return model;
    }

    /// <summary>Returns the name of a constant vector of int64.</summary>
    public string Integers(params long[] values) => Add(name => Tensors.Create(name, [values.Length], values), $"[{string.Join(',', values)}]");

    private string Add(Func<string, TensorProto> create, string hint)
    {
        var name = graph.FreshName($"constant {hint}");
        graph.AddInitializer(create(name));
        return name;
    }

    /// <summary>Adds an input of the graph that is filled for each batch, and returns its name.</summary>
    public string AddTarget(string hint, InferredTensor type, string? output)
    {
        var name = graph.FreshName(hint);
        graph.AddInput(type.Declare(name));
        _targets.Add(new Target(name, type, output));
        return name;
    }
}
