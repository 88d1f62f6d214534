using Microsoft.AspNetCore.Builder;

namespace ModelBuild.Serving;

/// <summary>Configures the endpoints of the HTTP protocol and of the gRPC service together.</summary>
internal sealed class ServingEndpoints(IReadOnlyList<IEndpointConventionBuilder> parts) : IEndpointConventionBuilder
{
    public void Add(Action<EndpointBuilder> convention)
    {
        foreach (var part in parts)
            part.Add(convention);
    }

    public void Finally(Action<EndpointBuilder> finalConvention)
    {
        foreach (var part in parts)
            part.Finally(finalConvention);
    }
}
