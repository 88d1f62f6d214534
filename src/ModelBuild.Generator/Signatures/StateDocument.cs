using System.Runtime.Serialization;

namespace ModelBuild.Generator.Signatures;

/// <summary>The JSON of a state.</summary>
[DataContract]
internal sealed class StateDocument
{
    [DataMember(Name = SignatureFields.Output)]
    public string? Output { get; set; }

    [DataMember(Name = SignatureFields.Input)]
    public string? Input { get; set; }
}
