using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization;

/// <summary>
/// Removes what exporters note beside nodes, values and tensors for people: stack traces of the training code, mostly, which can be a fifth of the file.
/// What describes the model as a whole, its inputs and its outputs stays.
/// </summary>
internal sealed class DescriptionRemoval : IGraphRewrite
{
    public string Effect => "notes of the exporter removed";

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
