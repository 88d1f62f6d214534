using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Targets;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>
/// Decides which nodes compute in integers. Rules determine the nodes that can. If the target is a CPU, <see cref="CheapestPlacement"/> chooses the subset with
/// the least estimated time: nodes that save less than the conversions around them cost are restored to float.
/// </summary>
internal sealed class Placement
{
    private readonly Graph _main;
    private readonly OperatorRules _rules;
    private readonly IReadOnlyDictionary<string, InferredTensor> _tensors;
    private readonly Func<NodeProto, LayerSettings> _settings;
    private readonly HashSet<NodeProto> _integer = [];
    private readonly Dictionary<NodeProto, string> _why = [];

    private Placement(Graph main, OperatorRules rules, IReadOnlyDictionary<string, InferredTensor> tensors, Func<NodeProto, LayerSettings> settings)
    {
        _main = main;
        _rules = rules;
        _tensors = tensors;
        _settings = settings;
    }

    /// <summary>The nodes that compute in integers.</summary>
    public IReadOnlySet<NodeProto> Integer => _integer;

    /// <summary>The share (0…1) of the float model's estimated time that integers save; 0 where there are no costs, or the costs were not used.</summary>
    public double Saving { get; private set; }

    /// <summary>The reasons why the other nodes that work on activations stay in float.</summary>
    public IReadOnlyDictionary<NodeProto, string> Why => _why;

    /// <summary>Decides for every node of the main graph whether it computes in integers.</summary>
    /// <param name="main">The optimized float graph.</param>
    /// <param name="target">The target of the recipe.</param>
    /// <param name="tensors">Types and sizes of the values of the graph.</param>
    /// <param name="settings">Returns the settings of each node.</param>
    /// <param name="everywhere">Whether all nodes that can compute in integers do so.</param>
    /// <param name="unfused">Nodes that ONNX Runtime did not fuse into integer operators in an earlier attempt.</param>
    public static Placement Decide(
        Graph main,
        TargetProfile target,
        IReadOnlyDictionary<string, InferredTensor> tensors,
        Func<NodeProto, LayerSettings> settings,
        bool everywhere,
        IReadOnlySet<NodeProto> unfused
    )
    {
        var placement = new Placement(main, new OperatorRules(main, target), tensors, settings);
        placement.FindCandidates(unfused);
        if (!everywhere && target.Costs is { } costs)
            placement.TakeBackWhatDoesNotPay(costs);
        return placement;
    }

    /// <summary>Returns whether a use of a value reads it in integers.</summary>
    public bool ReadsInteger(ValueUse use) =>
        ReferenceEquals(use.Graph, _main) && _integer.Contains(use.Node) && OperatorRules.Activations(use.Node).Contains(use.Index);

    private void FindCandidates(IReadOnlySet<NodeProto> unfused)
    {
        foreach (var node in _main.Nodes)
            if (WhyNot(node, unfused) is { } why)
                _why[node] = why;
            else
                _integer.Add(node);
        // Nodes from which only outputs follow stay in float. In a detector these are the nodes behind the last layers, which compute boxes and scores. These
        // nodes lose the most accuracy in integers, and save the least time.
        var leading = LeadingToLayers();
        Drop(
            node => _rules.Role(node) is QuantizedRole.Arithmetic or QuantizedRole.PassThrough && !leading.Contains(node),
            "it follows the last layer, so that outputs are not rounded again"
        );
        var returned = BehindReturnedLayers();
        Drop(returned.Contains, "the recipe keeps the layers before it in float");
        Drop(AroundFixedResizes().Contains, "ONNX Runtime fails on the adjacent Resize if its neighbouring layers compute in integers");
        Drop(
            node => _rules.Role(node) == QuantizedRole.Clamp && _main.Producer(node.Input[0]) is { } resize && ResizeForm.Blends(resize),
            "it clips interpolated values of a Resize"
        );
        DropClamps();
        Drop(node => _rules.Role(node) == QuantizedRole.Clamp && _settings(ClampedProducer(node)!).IsSymmetric, "a symmetric range does not end at 0");
    }

    private void DropClamps() =>
        Drop(
            node => _rules.Role(node) == QuantizedRole.Clamp && ClampedProducer(node) is null,
            "its input is not computed in integers, and it has no integer kernel"
        );

    private void Drop(Func<NodeProto, bool> isDropped, string why)
    {
        foreach (var node in _main.Nodes.Where(node => _integer.Contains(node) && isDropped(node)).ToArray())
        {
            _integer.Remove(node);
            _why[node] = why;
        }
    }

    private string? WhyNot(NodeProto node, IReadOnlySet<NodeProto> unfused)
    {
        var role = _rules.Role(node);
        if (role == QuantizedRole.None)
            return node.Is("Resize") ? ResizeForm.WhyFloat(node) : $"{node.OpType} has no integer kernel";
        if (_settings(node).IsFloat)
            return "the recipe keeps it in float";
        if (unfused.Contains(node))
            return "ONNX Runtime does not fuse it here";
        string[] values = [.. OperatorRules.Activations(node).Select(index => node.InputAt(index)), .. node.Output];
        if (values.Any(value => value.Length > 0 && !_main.IsConstant(value) && !_tensors.ContainsKey(value)))
            return "the types and shapes of its inputs and outputs could not be inferred";
        if (!values.All(IsFloat))
            return "its activations are not float32";
        return role switch
        {
            QuantizedRole.Layer => _rules.WhyNotLayer(node)?.Text,
            QuantizedRole.Clamp => WhyNotClamp(node),
            _ => OperatorRules.Activations(node).All(index => _main.IsConstant(node.Input[index])) ? "its inputs are constant" : null,
        };
    }

    private bool IsFloat(string value) =>
        value.Length > 0
        && (
            _main.TryGetConstant(value, out var constant) ? constant.DataType == (int)DataType.Float : _tensors.GetValueOrDefault(value)?.Type == DataType.Float
        );

    private string? WhyNotClamp(NodeProto node) =>
        node.OpType == "Relu" || (Bound(node, 1, "min", float.MinValue) <= 0 && Bound(node, 2, "max", float.MaxValue) >= 0)
            ? null
            : "its bounds do not contain 0, or they are not constant";

    // Returns a bound of a Clip. Up to opset 10 the bounds are attributes, and later they are inputs.
    private float Bound(NodeProto clip, int input, string attribute, float fallback)
    {
        if (clip.InputAt(input) is not { Length: > 0 } name)
            return clip.GetFloat(attribute, fallback);
        return _main.TryGetConstant(name, out var bound) && bound.ElementCount() == 1 ? bound.ToFloats()[0] : float.NaN;
    }

    /// <summary>
    /// Returns the node whose quantization can replace a Relu or Clip: the nearest node upstream that computes new values, if no value between has another
    /// reader; null if there is none.
    /// </summary>
    private NodeProto? ClampedProducer(NodeProto clamp)
    {
        for (var value = clamp.Input[0]; ; )
        {
            if (
                _main.Consumers(value).Count != 1
                || _main.IsOutputAnywhere(value)
                || _main.Producer(value) is not { } producer
                || !_integer.Contains(producer)
                || producer.Output.Count != 1
            )
                return null;
            if (_rules.Role(producer) is QuantizedRole.Layer or QuantizedRole.Arithmetic)
                return producer;
            if (ResizeForm.Blends(producer))
                return null;
            value = producer.Input[0];
        }
    }

    private HashSet<NodeProto> LeadingToLayers()
    {
        var leading = new HashSet<NodeProto>();
        var open = new Stack<NodeProto>(_main.Nodes.Where(node => _integer.Contains(node) && _rules.Role(node) == QuantizedRole.Layer));
        while (open.TryPop(out var node))
            foreach (var producer in node.Input.Where(value => value.Length > 0).Select(_main.Producer))
                if (producer is not null && leading.Add(producer))
                    open.Push(producer);
        return leading;
    }

    // Returns the nodes that precede only layers which the recipe leaves in float, apart from other operators between. Rounding the results of these nodes
    // would lose the accuracy that the layers in float preserve.
    private HashSet<NodeProto> BehindReturnedLayers()
    {
        var behind = new HashSet<NodeProto>();
        foreach (var node in _main.Nodes.Where(node => _rules.Role(node) != QuantizedRole.Layer))
        {
            NodeProto[] producers = [.. node.Input.Where(value => value.Length > 0).Select(_main.Producer).OfType<NodeProto>()];
            if (
                producers.Length > 0
                && producers.All(producer => behind.Contains(producer) || (_rules.Role(producer) == QuantizedRole.Layer && _settings(producer).IsFloat))
            )
                behind.Add(node);
        }

        return behind;
    }

    // Returns the nodes around each Resize whose axes must keep their order, up to the nearest layers. If these nodes compute in float, ONNX Runtime moves no
    // Transpose past the Resize.
    private HashSet<NodeProto> AroundFixedResizes()
    {
        var around = new HashSet<NodeProto>();
        Walk(node => node.Output.SelectMany(_main.Consumers).Where(use => ReferenceEquals(use.Graph, _main)).Select(use => use.Node));
        Walk(node => node.Input.Where(value => value.Length > 0).Select(_main.Producer).OfType<NodeProto>());
        return around;

        void Walk(Func<NodeProto, IEnumerable<NodeProto>> neighbours)
        {
            var reached = new HashSet<NodeProto>();
            var open = new Stack<NodeProto>(_main.Nodes.Where(ResizeForm.IsFixed));
            while (open.TryPop(out var node))
                foreach (var neighbour in neighbours(node))
                    if (reached.Add(neighbour) && _rules.Role(neighbour) != QuantizedRole.Layer)
                        open.Push(neighbour);
            around.UnionWith(reached);
        }
    }

    private void TakeBackWhatDoesNotPay(CostTable table)
    {
        var costs = new NodeCosts(_main, _tensors, table);
        var cheapest = new CheapestPlacement(_main, _rules, _integer, costs);
        var worthIt = cheapest.Find();
        Saving = cheapest.Saved / (double)_main.Nodes.Sum(node => costs.Float(node, _rules.Role(node)));
        Drop(node => !worthIt.Contains(node), "in integers it would cost more than it saves: conversions and small products");
        // A clamp is restored to float if the node that computes its input was restored to float.
        DropClamps();
    }
}
