namespace ModelBuild.Onnx;

/// <summary>The definition of a value in one scope. In a valid document a name has one definition, except an initializer that is also an input.</summary>
internal sealed class ValueDefinition
{
    private readonly List<NodeProto> _producers = new(1);

    public NodeProto? Producer => _producers.Count > 0 ? _producers[0] : null;

    public IReadOnlyList<NodeProto> Producers => _producers;

    public TensorProto? Initializer { get; set; }

    public bool IsSparse { get; set; }

    public bool IsInput { get; set; }

    public bool IsEmpty => _producers.Count == 0 && Initializer is null && !IsSparse && !IsInput;

    public void Add(NodeProto producer) => _producers.Add(producer);

    public void Remove(NodeProto producer)
    {
        var index = _producers.FindIndex(other => ReferenceEquals(other, producer));
        if (index >= 0)
            _producers.RemoveAt(index);
    }
}
