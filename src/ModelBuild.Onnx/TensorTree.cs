namespace ModelBuild.Onnx;

/// <summary>Enumerates all tensors of a document. <see cref="SkeletonSchema"/> lists the same fields for the wire format.</summary>
internal sealed class TensorTree
{
    private readonly List<TensorProto> _tensors = [];
    private readonly Stack<(string Field, int Index)> _path = new();
    private readonly int _wanted;
    private string _place = "";

    private TensorTree(ModelProto model, int wanted)
    {
        _wanted = wanted;
        One("graph", model.Graph, Visit);
        Each(
            "training_info",
            model.TrainingInfo,
            info =>
            {
                One("initialization", info.Initialization, Visit);
                One("algorithm", info.Algorithm, Visit);
            }
        );
        Each(
            "functions",
            model.Functions,
            function =>
            {
                Each("node", function.Node, Visit);
                Each("attribute_proto", function.AttributeProto, Visit);
            }
        );
    }

    public static List<TensorProto> Of(ModelProto model) => new TensorTree(model, wanted: -1)._tensors;

    /// <summary>Returns the place of the tensor at <paramref name="index"/> in the result of <see cref="Of"/>, for a message.</summary>
    public static string Place(ModelProto model, int index)
    {
        var tree = new TensorTree(model, index);
        var name = tree._tensors[index].Name;
        return name.Length == 0 ? tree._place : $"{tree._place} '{Text.Short(name)}'";
    }

    private void Visit(GraphProto graph)
    {
        Each("node", graph.Node, Visit);
        Each("initializer", graph.Initializer, Visit);
        Each("sparse_initializer", graph.SparseInitializer, Visit);
    }

    private void Visit(NodeProto node) => Each("attribute", node.Attribute, Visit);

    private void Visit(AttributeProto attribute)
    {
        One("t", attribute.T, Visit);
        One("g", attribute.G, Visit);
        One("sparse_tensor", attribute.SparseTensor, Visit);
        Each("tensors", attribute.Tensors, Visit);
        Each("graphs", attribute.Graphs, Visit);
        Each("sparse_tensors", attribute.SparseTensors, Visit);
    }

    private void Visit(SparseTensorProto sparse)
    {
        One("values", sparse.Values, Visit);
        One("indices", sparse.Indices, Visit);
    }

    private void Visit(TensorProto tensor)
    {
        if (_tensors.Count == _wanted)
            _place = Text.Place(_path.Reverse());
        _tensors.Add(tensor);
    }

    private void One<T>(string field, T? item, Action<T> visit)
        where T : class
    {
        if (item is null)
            return;
        _path.Push((field, -1));
        visit(item);
        _path.Pop();
    }

    private void Each<T>(string field, IReadOnlyList<T> items, Action<T> visit)
    {
        for (var i = 0; i < items.Count; i++)
        {
            _path.Push((field, i));
            visit(items[i]);
            _path.Pop();
        }
    }
}
