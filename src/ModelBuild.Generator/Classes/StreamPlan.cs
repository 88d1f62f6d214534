using ModelBuild.Generator.Signatures;

namespace ModelBuild.Generator.Classes;

/// <summary>How a model with states is called as a stream.</summary>
internal sealed record StreamPlan(EquatableArray<StateMember> States, CallPlan Call);
