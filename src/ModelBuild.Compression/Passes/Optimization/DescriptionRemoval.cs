using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization;

/// <summary>
/// Removes the doc strings that exporters write for nodes, values and tensors, mostly stack traces of the training code, which can be a fifth of the file.
/// Descriptions of the model, its inputs and its outputs stay.
/// </summary>
internal sealed class DescriptionRemoval : IGraphRewrite
{
    public string Effect => "descriptions of the exporter removed";

    public int Apply(Graph main, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var scope in main.SelfAndSubgraphs())
        {
            foreach (var node in scope.Nodes.Where(node => node.DocString.Length > 0 || node.MetadataProps.Count > 0))
            {
                node.ClearDocString();
                node.MetadataProps.Clear();
                count++;
            }

            foreach (var value in scope.Proto.ValueInfo.Where(value => value.DocString.Length > 0 || value.MetadataProps.Count > 0))
            {
                value.ClearDocString();
                value.MetadataProps.Clear();
                count++;
            }

            foreach (var tensor in scope.Proto.Initializer.Where(tensor => tensor.DocString.Length > 0 || tensor.MetadataProps.Count > 0))
            {
                tensor.ClearDocString();
                tensor.MetadataProps.Clear();
                count++;
            }
        }

        return count;
    }
}
