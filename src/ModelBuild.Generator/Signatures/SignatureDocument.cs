using System.Runtime.Serialization;

namespace ModelBuild.Generator.Signatures;

/// <summary>The JSON of a signature file, member by member. Every member may be missing.</summary>
[DataContract]
internal sealed class SignatureDocument
{
    [DataMember(Name = "schema")]
    public int? Schema { get; set; }

    [DataMember(Name = "className")]
    public string? ClassName { get; set; }

    [DataMember(Name = "namespace")]
    public string? Namespace { get; set; }

    [DataMember(Name = "access")]
    public string? Access { get; set; }

    [DataMember(Name = "model")]
    public string? Model { get; set; }

    [DataMember(Name = "description")]
    public string? Description { get; set; }

    [DataMember(Name = "deploy")]
    public string? Deploy { get; set; }

    [DataMember(Name = "path")]
    public string? Path { get; set; }

    [DataMember(Name = "stages")]
    public string[]? Stages { get; set; }

    [DataMember(Name = "hash")]
    public string? Hash { get; set; }

    [DataMember(Name = "providers")]
    public string[]? Providers { get; set; }

    [DataMember(Name = "labels")]
    public string[]? Labels { get; set; }

    [DataMember(Name = "inputs")]
    public TensorDocument[]? Inputs { get; set; }

    [DataMember(Name = "outputs")]
    public TensorDocument[]? Outputs { get; set; }

    [DataMember(Name = "states")]
    public StateDocument[]? States { get; set; }
}
