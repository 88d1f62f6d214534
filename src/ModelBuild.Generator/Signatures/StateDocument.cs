using System.Runtime.Serialization;

namespace ModelBuild.Generator.Signatures;

/// <summary>The JSON of a state.</summary>
[DataContract]
internal sealed class StateDocument
{
    [DataMember(Name = "output")]
    public string? Output { get; set; }

    [DataMember(Name = "input")]
    public string? Input { get; set; }
}
