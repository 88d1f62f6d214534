using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning.Sparsity;

/// <summary>
/// Stores weights as ONNX sparse initializers: the values that are not zero and their indices of 8 bytes each. The file is smaller only if at least two
/// thirds are zero. ONNX Runtime converts them to dense tensors when it loads the model. Weights of Constant nodes and of branches do not change.
/// </summary>
internal static class SparseInitializers
{
    /// <summary>Stores the weights of layers as sparse initializers if that is smaller. The other layers are added to the report with the reason.</summary>
    public static void Write(PassContext context, IReadOnlyList<PrunedLayer> layers)
    {
        var graph = context.Model.Proto.Graph;
        var stored = 0;
        foreach (var node in layers.Select(pruned => pruned.Layer.Node))
        {
            var dense = graph.Initializer.FirstOrDefault(tensor => tensor.Name == node.Input[1]);
            var sparse = dense is null ? null : Sparse(dense);
            if (dense is null || sparse!.Values.RawData.Length + sparse.Indices.RawData.Length >= dense.RawData.Length)
            {
                context.Report.Leave(
                    NodeLabel.Of(node),
                    dense is null
                        ? "its weights are not an initializer of the main graph, so they stay dense"
                        : "sparse weights would be larger: each index takes 8 bytes, so two thirds of the weights must be zero"
                );
                continue;
            }

            graph.Initializer.Remove(dense);
            graph.SparseInitializer.Add(sparse);
            stored++;
        }

        context.Report.Changed("weights stored sparse", stored);
    }

    private static SparseTensorProto Sparse(TensorProto dense)
    {
        var all = dense.Span<float>();
        var (values, places) = (new List<float>(), new List<long>());
        for (var i = 0; i < all.Length; i++)
            if (all[i] != 0)
            {
                values.Add(all[i]);
                places.Add(i);
            }

        return new SparseTensorProto
        {
            Values = Tensors.Create(dense.Name, [values.Count], values.ToArray()),
            Indices = Tensors.Create("", [places.Count], places.ToArray()),
            Dims = { dense.Dims },
        };
    }
}
