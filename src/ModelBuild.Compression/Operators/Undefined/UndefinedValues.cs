using ModelBuild.Onnx;

namespace ModelBuild.Compression.Operators.Undefined;

/// <summary>
/// Determines by static rules which values of a model may be infinite or NaN: a Softmax over a row that a mask makes −∞ in all elements, a mean over no
/// elements, a logarithm or a root without a guard. Dynamic quantization takes one scale for a whole tensor, so that one such element makes all others wrong.
/// Masks with finite numbers, causal masks and guarded normalizations have no such values.
/// </summary>
internal sealed class UndefinedValues
{
    // The body of a loop is analyzed twice, because an iteration reads values that the previous iteration computed.
    private const int Rounds = 2;

    private readonly Dictionary<Graph, Dictionary<string, Risk>> _values = new(ReferenceEqualityComparer.Instance);

    private UndefinedValues() { }

    /// <summary>The extreme elements that a value may have, and the first node that may compute them.</summary>
    /// <param name="Extremes">The extreme elements: infinite or NaN.</param>
    /// <param name="Origin">The node.</param>
    public sealed record Risk(Extremes Extremes, NodeProto? Origin);

    /// <summary>Finds the values of a model and its subgraphs that may be infinite or NaN.</summary>
    public static UndefinedValues Of(Graph main)
    {
        var found = new UndefinedValues();
        found.Walk(main);
        return found;
    }

    /// <summary>Returns the reason why a value cannot be quantized without a change, because it may be infinite or NaN; null if it can.</summary>
    public Refusal? WhyNot(Graph scope, string value)
    {
        if (Of(scope, value) is not { Extremes: not Extremes.None } risk)
            return null;
        var origin = risk.Origin is null ? "" : $" behind {NodeLabel.Of(risk.Origin)}";
        return new Refusal($"its input{origin} may have infinite or NaN elements, and one of them would change the whole tensor");
    }

    /// <summary>Returns the undefined elements that a value of a scope may have; null if all elements are finite numbers.</summary>
    public Risk? Of(Graph scope, string value)
    {
        if (value.Length == 0 || scope.ScopeOf(value) is not { } owner)
            return null;
        var known = _values.TryGetValue(owner, out var values) ? values : _values[owner] = new Dictionary<string, Risk>(StringComparer.Ordinal);
        if (known.TryGetValue(value, out var risk))
            return risk;
        return owner.TryGetConstant(value, out var constant) ? known[value] = new Risk(ConstantExtremes.Of(constant), null) : null;
    }

    private void Walk(Graph scope)
    {
        foreach (var node in scope.Nodes)
        {
            if (node.Is("Constant"))
                continue;
            var inner = scope.Subgraphs(node);
            if (inner.Count == 0)
                Set(scope, node.Output, new ExtremesRules(scope, this, node).Result(), node);
            else
                for (var round = 0; round < (node.Is("If") ? 1 : Rounds); round++)
                    foreach (var graph in inner)
                        WalkInner(scope, node, graph);
        }
    }

    private void WalkInner(Graph scope, NodeProto node, Graph body)
    {
        // The inputs of the body of a Loop are the iteration, the condition and the states. Those of a Scan are the states and then the slices. The inputs of
        // both bodies have the extremes of the node's inputs.
        if (!node.Is("If"))
            for (var i = 0; i < body.Proto.Input.Count; i++)
                if (Of(scope, node.InputAt(i)) is { } given)
                    Add(body, body.Proto.Input[i].Name, given);
        Walk(body);
        // The first output of the body of a Loop is the condition, which is no output of the node.
        var skipped = node.Is("Loop") ? 1 : 0;
        for (var i = 0; i < node.Output.Count && i + skipped < body.Proto.Output.Count; i++)
            if (Of(body, body.Proto.Output[i + skipped].Name) is { } made)
            {
                Add(scope, node.Output[i], made);
                if (!node.Is("If") && i + 2 * skipped < body.Proto.Input.Count && i < node.Input.Count - 2 * skipped)
                    Add(body, body.Proto.Input[i + 2 * skipped].Name, made);
            }
    }

    private void Set(Graph scope, IEnumerable<string> outputs, Extremes extremes, NodeProto node)
    {
        if (extremes == Extremes.None)
            return;
        var origin =
            node.Input.Select(input => Of(scope, input)).FirstOrDefault(risk => risk is { Origin: not null } && risk.Extremes.HasFlag(Extremes.NaN))?.Origin
            ?? node;
        foreach (var output in outputs)
            Add(scope, output, new Risk(extremes, origin));
    }

    private void Add(Graph scope, string value, Risk risk)
    {
        if (value.Length == 0)
            return;
        var known = _values.TryGetValue(scope, out var values) ? values : _values[scope] = new Dictionary<string, Risk>(StringComparer.Ordinal);
        known[value] = known.TryGetValue(value, out var before) ? before with { Extremes = before.Extremes | risk.Extremes } : risk;
    }
}
