using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Training.Blocked;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Differentiation;
using ModelBuild.Compression.Training.Differentiation.Catalog;
using ModelBuild.Compression.Training.Precision;
using ModelBuild.Compression.Training.Recomputation;
using ModelBuild.Compression.Training.Settings;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Graphs;

/// <summary>
/// A model with its loss and the gradients of its parameters as one ONNX graph. The parameters, the inputs of a batch and the targets of the loss are inputs
/// of the graph. The terms of the loss and the gradients are its outputs.
/// </summary>
internal sealed class TrainingGraph
{
    private TrainingGraph() { }

    /// <summary>The model with the loss and the gradients.</summary>
    public required OnnxModel Model { get; init; }

    /// <summary>The inputs of the model, with the shapes of a batch.</summary>
    public required IReadOnlyList<InputTensor> Inputs { get; init; }

    /// <summary>The inputs of the graph that receive the targets of the loss.</summary>
    public required IReadOnlyList<Target> Targets { get; init; }

    /// <summary>The terms of the loss, which are outputs of the graph.</summary>
    public required IReadOnlyList<LossTerm> Terms { get; init; }

    /// <summary>The parameters that have a gradient, with the name of the output that is the gradient.</summary>
    public required IReadOnlyList<(Parameter Parameter, string Gradient)> Parameters { get; init; }

    /// <summary>The parameters that are inputs of the graph.</summary>
    public required IReadOnlyList<Parameter> Read { get; init; }

    /// <summary>The inputs of the model that have a gradient, with the name of the output that is the gradient.</summary>
    public required IReadOnlyList<(InputTensor Input, string Gradient)> InputGradients { get; init; }

    /// <summary>The numbers of the loss that are inputs of the graph and stay the same for all batches.</summary>
    public required IReadOnlyList<Parameter> Settings { get; init; }

    /// <summary>The divisors of the terms that workers share, which are among the settings; null if the graph computes them by itself.</summary>
    public required SharedDivisors? Divisors { get; init; }

    /// <summary>The parts in which the graph runs.</summary>
    public required PartPlan Plan { get; init; }

    /// <summary>The nodes at which the differentiation stopped.</summary>
    public required IReadOnlyList<StoppedNode> Stopped { get; init; }

    /// <summary>Builds the graph. The model does not change.</summary>
    /// <param name="model">A float32 model of opset 21 or later, prepared for the steps of a recipe.</param>
    /// <param name="inputs">The shapes of its inputs in a batch.</param>
    /// <param name="parameters">The parameters: constants of the model by name.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="kind">The gradients that are computed.</param>
    /// <param name="precision">The numbers in which products and convolutions are computed.</param>
    /// <param name="scale">The factor of the loss that all gradients have; null for none.</param>
    /// <param name="memory">The bytes that its values may take in a run. If they would take more, some of them are computed again.</param>
    /// <param name="areDivisorsShared">Whether the divisors of terms are inputs of the graph, because the batch is a part of a larger one.</param>
    public static TrainingGraph Build(
        OnnxModel model,
        IReadOnlyDictionary<string, long[]> inputs,
        IReadOnlyList<Parameter> parameters,
        ILoss loss,
        GradientKind kind = GradientKind.Parameters,
        TrainingPrecision precision = TrainingPrecision.Full,
        LossScale? scale = null,
        long memory = long.MaxValue,
        bool areDivisorsShared = false
    )
    {
        var copy = model.Clone();
        var graph = new Graph(copy);
        graph.SortTopologically();
        foreach (var parameter in parameters)
            MakeInput(graph, parameter);
        var shapes = Fixed(inputs, parameters);
        var lossGraph = new LossGraph(graph, Describe(copy, shapes));
        var terms = loss.Append(lossGraph);
        foreach (var target in lossGraph.Targets)
            shapes[target.Name] = target.Type.Shape;
        var divisors = areDivisorsShared ? SharedDivisors.Create(lossGraph, terms) : null;
        terms = [.. terms.Select(term => Divide(lossGraph, term, divisors))];
        var total = Total(lossGraph, terms);
        if (scale is not null)
            total = lossGraph.Emit("Mul", [total, lossGraph.Read(scale.Input)]);
        foreach (var setting in lossGraph.Settings)
            shapes[setting.Name] = setting.Shape;
        InputTensor[] own = [.. inputs.Select(input => new InputTensor(input.Key, new InferredTensor(InputType(copy, input.Key), input.Value)))];
        string[] wanted = kind switch
        {
            GradientKind.Parameters => [.. parameters.Select(parameter => parameter.Name)],
            GradientKind.Inputs => [.. own.Where(input => input.Type.Type == DataType.Float).Select(input => input.Name)],
            _ => [],
        };
        var forward = graph.Nodes.SelectMany(node => node.Output).ToHashSet(StringComparer.Ordinal);
        var gradients = wanted.Length > 0 ? BackwardGraph.Append(graph, GradientCatalog.Instance, total, wanted, Describe(copy, shapes)) : Gradients.None;
        var trained = Distinct(graph, parameters.Where(parameter => gradients.Of.ContainsKey(parameter.Name)), parameter => gradients.Of[parameter.Name]);
        // Parameters without a gradient become constants of the graph, because the loss does not depend on them.
        var areAllRead = kind != GradientKind.Parameters;
        foreach (var parameter in parameters.Where(parameter => !areAllRead && !gradients.Of.ContainsKey(parameter.Name)))
            MakeConstant(graph, parameter);
        var moved = Distinct(graph, own.Where(input => kind == GradientKind.Inputs && gradients.Of.ContainsKey(input.Name)), input => gradients.Of[input.Name]);
        string[] outputs = [.. terms.Select(term => term.Value), .. trained.Select(pair => pair.Item2), .. moved.Select(pair => pair.Item2)];
        ConvWeightSite[] sites = [];
        if (precision == TrainingPrecision.Full)
            sites = Block(graph, shapes, gradients, outputs);
        else
            Narrow(graph, shapes, precision, outputs);
        Finish(graph, shapes);
        return new TrainingGraph
        {
            Model = copy,
            Inputs = own,
            Targets = lossGraph.Targets,
            Terms = terms,
            Parameters = trained,
            Read = areAllRead ? [.. parameters.Where(parameter => graph.IsInput(parameter.Name))] : [.. trained.Select(pair => pair.Of)],
            InputGradients = moved,
            Settings = lossGraph.Settings,
            Divisors = divisors,
            Plan = Divide(graph, shapes, parameters, forward, sites, outputs, memory),
            Stopped = gradients.Stopped,
        };
    }

    // Returns a separate gradient output for each value. Values that are added to each other have the same gradient, which is copied.
    private static (T Of, string Gradient)[] Distinct<T>(Graph graph, IEnumerable<T> values, Func<T, string> gradient)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        return [.. values.Select(value => (value, used.Add(gradient(value)) ? gradient(value) : Copy(graph, gradient(value))))];
    }

    private static string Copy(Graph graph, string value)
    {
        var copy = graph.FreshName($"{value} again");
        graph.Append(Nodes.Create("Identity", [value], [copy], copy));
        return copy;
    }

    private static void MakeInput(Graph graph, Parameter parameter)
    {
        graph.TryGetConstant(parameter.Name, out _);
        if (graph.Producer(parameter.Name) is { } constant)
            graph.Remove(constant);
        else
            graph.RemoveInitializer(parameter.Name);
        graph.AddInput(new InferredTensor(DataType.Float, parameter.Shape).Declare(parameter.Name));
    }

    private static void MakeConstant(Graph graph, Parameter parameter)
    {
        graph.RemoveInput(parameter.Name);
        graph.AddInitializer(Tensors.Create(parameter.Name, parameter.Shape, parameter.Values.ToArray()));
    }

    private static Dictionary<string, long[]> Fixed(IReadOnlyDictionary<string, long[]> inputs, IEnumerable<Parameter> parameters)
    {
        var shapes = new Dictionary<string, long[]>(inputs, StringComparer.Ordinal);
        foreach (var parameter in parameters)
            shapes[parameter.Name] = parameter.Shape;
        return shapes;
    }

    private static Dictionary<string, InferredTensor> Describe(OnnxModel model, IReadOnlyDictionary<string, long[]> shapes)
    {
        var described = new Dictionary<string, InferredTensor>(RankInference.DescribeOutputs(model, shapes), StringComparer.Ordinal);
        foreach (var input in model.Proto.Graph.Input)
            described[input.Name] = new InferredTensor((DataType)input.Type.TensorType.ElemType, shapes.GetValueOrDefault(input.Name) ?? Declared(input));
        return described;
    }

    private static long[] Declared(ValueInfoProto input) => [.. input.Type.TensorType.Shape.Dim.Select(size => size.HasDimValue ? size.DimValue : -1)];

    private static DataType InputType(OnnxModel model, string name) =>
        (DataType)model.Proto.Graph.Input.Single(input => input.Name == name).Type.TensorType.ElemType;

    private static LossTerm Divide(LossGraph graph, LossTerm term, SharedDivisors? divisors) =>
        term.Divisor is not { } divisor
            ? term
            : term with
            {
                Value = graph.Emit("Div", [term.Value, divisors is null ? divisor : graph.Read(divisors.Inputs[divisor])]),
            };

    private static string Total(LossGraph graph, IReadOnlyList<LossTerm> terms)
    {
        var weighted = terms.Select(term => term.Weight == 1 ? term.Value : graph.Emit("Mul", [term.Value, graph.Number(term.Weight)])).ToArray();
        return weighted.Length == 1 ? weighted[0] : graph.Emit("Sum", weighted);
    }

    // Sets the outputs of the graph, and converts its convolutions. If a kernel outside of the graph computes the gradient of the weights of a convolution, the
    // graph has two additional outputs for the kernel.
    private static ConvWeightSite[] Block(Graph graph, IReadOnlyDictionary<string, long[]> inputs, Gradients gradients, string[] outputs)
    {
        var kernels = gradients
            .ConvWeights.Where(weights => outputs.Contains(weights.Value))
            .Select(weights => (Weights: weights, Kernel: ConvWeightKernel.Create(weights.Window)))
            .Where(pair => pair.Kernel is not null)
            .ToArray();
        var beside = kernels.Select(pair => pair.Weights.Value).ToHashSet(StringComparer.Ordinal);
        string[] inside = [.. outputs.Where(output => !beside.Contains(output)).Distinct(StringComparer.Ordinal)];
        graph.SetOutputs([.. inside, .. kernels.SelectMany(pair => new[] { pair.Weights.Input, pair.Weights.Gradient }).Distinct(StringComparer.Ordinal)]);
        new DeadCodeElimination().Apply(graph, CancellationToken.None);
        var values = BlockedConvolutions.Apply(graph, Describe(graph.Model, inputs));
        var sites = kernels
            .Select(pair => new ConvWeightSite(pair.Weights.Value, values.Block(pair.Weights.Input), values.Block(pair.Weights.Gradient), pair.Kernel!))
            .ToArray();
        graph.SetOutputs([.. inside, .. sites.SelectMany(site => new[] { site.Input, site.Gradient }).Distinct(StringComparer.Ordinal)]);
        return sites;
    }

    // Converts the graph to a narrow precision. Convolutions keep their plain layout, because the accelerators that compute in these types choose their own
    // layouts.
    private static void Narrow(Graph graph, IReadOnlyDictionary<string, long[]> inputs, TrainingPrecision precision, string[] outputs)
    {
        graph.SetOutputs(outputs.Distinct(StringComparer.Ordinal));
        new DeadCodeElimination().Apply(graph, CancellationToken.None);
        new MixedGraph(graph, Describe(graph.Model, inputs), precision).Convert();
    }

    private static PartPlan Divide(
        Graph graph,
        IReadOnlyDictionary<string, long[]> inputs,
        IEnumerable<Parameter> parameters,
        IReadOnlySet<string> forward,
        ConvWeightSite[] sites,
        IEnumerable<string> bound,
        long memory
    )
    {
        var whole = PartPlan.Whole(graph, sites);
        if (memory == long.MaxValue)
            return whole;
        var names = parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        var nodes = new TrainingNodes(graph, Describe(graph.Model, inputs), names, forward, sites);
        return PartPlan.Within(nodes, whole, bound.ToHashSet(StringComparer.Ordinal), memory);
    }

    private static void Finish(Graph graph, Dictionary<string, long[]> shapes)
    {
        foreach (var input in graph.Proto.Input)
            if (shapes.TryGetValue(input.Name, out var shape))
                input.Type = new InferredTensor((DataType)input.Type.TensorType.ElemType, shape).Declare(input.Name).Type;
        new DeadCodeElimination().Apply(graph, CancellationToken.None);
        graph.Proto.ValueInfo.Clear();
    }
}
