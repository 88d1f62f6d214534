namespace ModelBuild.Onnx;

/// <summary>Every tensor of a document, wherever one can be. <see cref="SkeletonSchema"/> knows the same places in the wire format.</summary>
internal sealed class TensorTree
{
    private readonly List<TensorProto> _tensors = [];
    private readonly List<string>? _places;
    private string _place = "";

    private TensorTree(bool places) => _places = places ? [] : null;

    public static List<TensorProto> Of(ModelProto model)
    {
        var tree = new TensorTree(places: false);
        tree.Visit(model);
        return tree._tensors;
    }

    /// <summary>The place of the tensor that <see cref="Of"/> lists at <paramref name="index"/>, for a message.</summary>
    public static string Place(ModelProto model, int index)
    {
        var tree = new TensorTree(places: true);
        tree.Visit(model);
        var name = tree._tensors[index].Name;
        return name.Length == 0 ? tree._places![index] : $"{tree._places![index]} '{Text.Short(name)}'";
    }

    private void Visit(ModelProto model)
    {
        if (model.Graph is not null)
            In("graph", -1, () => Visit(model.Graph));
        Each("training_info", model.TrainingInfo, info =>
        {
            if (info.Initialization is not null)
                In("initialization", -1, () => Visit(info.Initialization));
            if (info.Algorithm is not null)
                In("algorithm", -1, () => Visit(info.Algorithm));
        });
        Each("functions", model.Functions, function =>
        {
            Each("node", function.Node, Visit);
            Each("attribute_proto", function.AttributeProto, Visit);
        });
    }

    private void Visit(GraphProto graph)
    {
        Each("node", graph.Node, Visit);
        Each("initializer", graph.Initializer, Add);
        Each("sparse_initializer", graph.SparseInitializer, Visit);
    }

    private void Visit(NodeProto node) => Each("attribute", node.Attribute, Visit);

    private void Visit(AttributeProto attribute)
    {
        if (attribute.T is not null)
            In("t", -1, () => Add(attribute.T));
        if (attribute.G is not null)
            In("g", -1, () => Visit(attribute.G));
        if (attribute.SparseTensor is not null)
            In("sparse_tensor", -1, () => Visit(attribute.SparseTensor));
        Each("tensors", attribute.Tensors, Add);
        Each("graphs", attribute.Graphs, Visit);
        Each("sparse_tensors", attribute.SparseTensors, Visit);
    }

    private void Visit(SparseTensorProto sparse)
    {
        if (sparse.Values is not null)
            In("values", -1, () => Add(sparse.Values));
        if (sparse.Indices is not null)
            In("indices", -1, () => Add(sparse.Indices));
    }

    private void Add(TensorProto tensor)
    {
        _tensors.Add(tensor);
        _places?.Add(_place);
    }

    private void Each<T>(string field, IReadOnlyList<T> items, Action<T> visit)
    {
        for (var i = 0; i < items.Count; i++)
            In(field, i, items[i], visit);
    }

    private void In<T>(string field, int index, T item, Action<T> visit)
    {
        if (_places is null)
        {
            visit(item);
            return;
        }

        In(field, index, () => visit(item));
    }

    private void In(string field, int index, Action visit)
    {
        if (_places is null)
        {
            visit();
            return;
        }

        var outer = _place;
        var own = index < 0 ? field : FormattableString.Invariant($"{field}[{index}]");
        _place = outer.Length == 0 ? own : $"{outer}.{own}";
        visit();
        _place = outer;
    }
}
