using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>Counts the layers before each node on the longest path from the inputs. Layers with the same number do not depend on each other.</summary>
internal sealed class LayerDepths
{
    private readonly Dictionary<string, int> _values = new(StringComparer.Ordinal);

    /// <summary>Counts, for each node of a graph in topological order, the layers before it.</summary>
    /// <param name="graph">The main graph.</param>
    /// <param name="layers">The names of the outputs of layers.</param>
    public LayerDepths(GraphProto graph, IReadOnlySet<string> layers)
    {
        foreach (var node in graph.Node)
        {
            var depth = CapturedValues.WithInputs(node).Select(Of).DefaultIfEmpty(0).Max();
            foreach (var output in node.Output)
                _values[output] = depth + (layers.Contains(output) ? 1 : 0);
        }
    }

    /// <summary>Returns the number of layers on the longest path to a layer, including the layer.</summary>
    public int Of(NodeProto layer) => Of(layer.Output[0]);

    private int Of(string value) => _values.GetValueOrDefault(value);
}
