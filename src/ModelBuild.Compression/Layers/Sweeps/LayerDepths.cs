using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>How many layers lie before each node on the longest way from the inputs. Layers with the same number do not depend on each other.</summary>
internal sealed class LayerDepths
{
    private readonly Dictionary<string, int> _values = new(StringComparer.Ordinal);

    /// <summary>Counts the layers of a graph whose nodes are in topological order.</summary>
    /// <param name="graph">The main graph.</param>
    /// <param name="layers">The values that layers give.</param>
    public LayerDepths(GraphProto graph, IReadOnlySet<string> layers)
    {
        foreach (var node in graph.Node)
        {
            var depth = CapturedValues.WithInputs(node).Select(Of).DefaultIfEmpty(0).Max();
            foreach (var output in node.Output)
                _values[output] = depth + (layers.Contains(output) ? 1 : 0);
        }
    }

    /// <summary>How many layers lie before a layer, itself included.</summary>
    public int Of(NodeProto layer) => Of(layer.Output[0]);

    private int Of(string value) => _values.GetValueOrDefault(value);
}
